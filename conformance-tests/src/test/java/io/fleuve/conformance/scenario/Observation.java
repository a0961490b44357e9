package io.fleuve.conformance.scenario;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What a client saw: facts by name, in the order in which they were seen. */
public final class Observation {

    private final Map<String, String> facts = new LinkedHashMap<>();

    /** Something that may fail. */
    @FunctionalInterface
    interface Attempt {

        @Nullable Object get() throws Exception;
    }

    void saw(String fact, @Nullable Object value) {
        if (facts.put(fact, String.valueOf(value)) != null) {
            throw new IllegalStateException("the scenario saw '" + fact + "' twice");
        }
    }

    /** Writes the result down, or the kind of the error; its message is the platform's own. */
    String sawOutcome(String fact, Attempt attempt) {
        String outcome;
        try {
            outcome = String.valueOf(attempt.get());
        } catch (Exception e) {
            outcome = cause(e).getClass().getSimpleName();
        }
        saw(fact, outcome);
        return outcome;
    }

    /** All facts. */
    public Map<String, String> facts() {
        return Collections.unmodifiableMap(facts);
    }

    private static Throwable cause(Throwable error) {
        Throwable cause = error.getCause();
        boolean wrapped =
                error instanceof ExecutionException || error instanceof CompletionException;
        return wrapped && cause != null ? cause(cause) : error;
    }
}
