package io.fleuve.alerts.alerts;

/** Why an alert is over. */
public enum EndReason {
    /** The average came down to the recovery threshold. */
    RECOVERED("recovered"),
    /** Someone disabled the rule. */
    RULE_DISABLED("rule-disabled"),
    /** Someone deleted the rule. */
    RULE_DELETED("rule-deleted"),
    /** Someone took the region out of the rule's scope. */
    OUT_OF_SCOPE("out-of-scope");

    private final String code;

    EndReason(String code) {
        this.code = code;
    }

    /** The reason as it stands in JSON. */
    public String code() {
        return code;
    }
}
