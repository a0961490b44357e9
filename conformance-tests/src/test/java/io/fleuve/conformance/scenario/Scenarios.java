package io.fleuve.conformance.scenario;

import java.util.stream.Stream;

/** All scenarios. */
public final class Scenarios {

    private Scenarios() {}

    public static Stream<Scenario> all() {
        return Stream.of(
                        ApiScenarios.all(),
                        RecordScenarios.all(),
                        TopicRuleScenarios.all(),
                        FetchSessionScenarios.all(),
                        TopicScenarios.all(),
                        PlacementScenarios.all(),
                        InspectionScenarios.all(),
                        ConfigScenarios.all(),
                        GroupScenarios.all(),
                        GroupApiScenarios.all(),
                        ModernGroupScenarios.all(),
                        TransactionScenarios.all(),
                        TransactionReadScenarios.all(),
                        TransactionOffsetScenarios.all(),
                        TransactionFencingScenarios.all(),
                        TransactionErrorScenarios.all(),
                        TransactionIdentityScenarios.all(),
                        TransactionProduceScenarios.all(),
                        TransactionAdminScenarios.all(),
                        ErrorScenarios.all())
                .flatMap(scenarios -> scenarios);
    }
}
