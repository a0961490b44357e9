package io.fleuve.alerts.alerts;

/** Why an alert is over. */
public enum EndReason {
    /** What was wrong is not any more: the average came down, the data came back. */
    RECOVERED("recovered"),
    /** Someone disabled the rule. */
    RULE_DISABLED("rule-disabled"),
    /** Someone deleted the rule. */
    RULE_DELETED("rule-deleted"),
    /** Someone changed what the rule asks. */
    RULE_CHANGED("rule-changed"),
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
