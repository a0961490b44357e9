package io.fleuve.alerts.api;

/** Rules for the API's document. */
final class RuleExamples {

    static final String SHORT =
            """
            {"name": "heat in Dakar", "regions": ["dakar"], "threshold": 32, "recoveryThreshold": 30}""";

    static final String LASTING =
            """
            {"name": "heat wave", "condition": {"type": "above", "threshold": 38, "recovery": 36},
             "aggregation": {"window": {"type": "tumbling", "size": "PT1H"}, "function": "max"},
             "for": "PT3H", "keepFiringFor": "PT2H", "severity": "critical",
             "repeatEvery": "PT4H", "escalateAfter": ["PT15M", "PT1H"], "labels": {"team": "health"}}""";

    static final String CHANGE =
            """
            {"name": "cold chain broken", "aggregation": {"window": {"type": "tumbling", "size": "PT5M"}, "by": "sensor"},
             "condition": {"type": "change", "by": 4, "within": "PT30M", "direction": "up"}, "severity": "critical"}""";

    static final String DEVIATION =
            """
            {"name": "unusual for the season", "condition": {"type": "deviation", "by": 6, "recovery": 4}}""";

    static final String NO_DATA =
            """
            {"name": "silent station", "regions": ["podor", "matam"],
             "condition": {"type": "no-data", "after": "PT3H"}, "for": "PT30M"}""";

    private RuleExamples() {}
}
