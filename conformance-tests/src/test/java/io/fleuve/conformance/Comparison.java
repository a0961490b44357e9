package io.fleuve.conformance;

import io.fleuve.conformance.platform.Subject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one client saw in one scenario, on both platforms.
 *
 * @param client whose eyes these are, with its version
 * @param scenario what it did
 * @param onApacheKafka facts by name; never changed by a {@link Difference}
 * @param onFleuve facts by name
 */
public record Comparison(
        String client,
        String scenario,
        Map<String, String> onApacheKafka,
        Map<String, String> onFleuve) {

    /** Facts in which Fleuve differs and does not mean to, each with both values. */
    public List<String> disagreements() {
        return Stream.concat(onApacheKafka.keySet().stream(), onFleuve.keySet().stream())
                .distinct()
                .filter(
                        fact ->
                                !Objects.equals(
                                        expected(fact), Optional.ofNullable(onFleuve.get(fact))))
                .map(
                        fact ->
                                "%s%n  expected: %s%n  seen:     %s"
                                        .formatted(
                                                fact,
                                                expected(fact).orElse("nothing"),
                                                onFleuve.get(fact)))
                .toList();
    }

    /** The rows of {@link Difference} that this scenario has shown. */
    public List<Difference> differences() {
        return onApacheKafka.keySet().stream().flatMap(fact -> difference(fact).stream()).toList();
    }

    private Optional<String> expected(String fact) {
        return difference(fact)
                .map(Difference::inFleuve)
                .or(() -> Optional.ofNullable(onApacheKafka.get(fact)));
    }

    private Optional<Difference> difference(String fact) {
        return Subject.isStandIn() ? Optional.empty() : Difference.of(scenario, fact);
    }
}
