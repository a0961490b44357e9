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
 * @param onApacheKafka facts by name; as it showed them
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

    /** How many facts {@link Difference} and {@link Unserved} make different by intent. */
    long intended() {
        return onApacheKafka.keySet().stream().filter(fact -> byIntent(fact).isPresent()).count();
    }

    private Optional<String> expected(String fact) {
        return byIntent(fact).or(() -> Optional.ofNullable(onApacheKafka.get(fact)));
    }

    private Optional<String> byIntent(String fact) {
        if (Subject.isStandIn()) {
            return Optional.empty();
        }
        if (Unserved.isServing(scenario, fact)) {
            return Optional.of("null");
        }
        return Difference.of(scenario, fact).map(Difference::inFleuve);
    }
}
