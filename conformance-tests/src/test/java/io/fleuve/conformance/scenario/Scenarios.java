package io.fleuve.conformance.scenario;

import java.util.stream.Stream;

/** All scenarios. */
public final class Scenarios {

    private Scenarios() {}

    public static Stream<Scenario> all() {
        return Stream.of(
                        RecordScenarios.all(),
                        TopicScenarios.all(),
                        GroupScenarios.all(),
                        TransactionScenarios.all(),
                        ErrorScenarios.all())
                .flatMap(scenarios -> scenarios);
    }
}
