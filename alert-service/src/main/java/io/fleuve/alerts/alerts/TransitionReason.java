package io.fleuve.alerts.alerts;

/** Why an alert went from one state to another. */
public enum TransitionReason {
    /** The condition is met. */
    BREACHED("breached"),
    /** The condition has been met for as long as the rule's {@code for} asks. */
    HELD("held"),
    /** The condition was not met any more before it had been for long enough. */
    LAPSED("lapsed"),
    /** A window is missing, so that the condition was not met without a break. */
    INTERRUPTED("interrupted"),
    /** The condition is not met any more; {@code keepFiringFor} runs. */
    CALMED("calmed"),
    /** The condition is met again while {@code keepFiringFor} ran. */
    RELAPSED("relapsed"),
    /** Nothing was heard for as long as the rule asks. */
    SILENT("silent"),
    /** Data came back; {@code keepFiringFor} runs. */
    HEARD("heard"),
    RECOVERED(EndReason.RECOVERED.code()),
    RULE_DISABLED(EndReason.RULE_DISABLED.code()),
    RULE_DELETED(EndReason.RULE_DELETED.code()),
    RULE_CHANGED(EndReason.RULE_CHANGED.code()),
    OUT_OF_SCOPE(EndReason.OUT_OF_SCOPE.code());

    private final String code;

    TransitionReason(String code) {
        this.code = code;
    }

    /** The reason as it stands in JSON. */
    public String code() {
        return code;
    }

    /** The reason of the transition that ends an alert. */
    public static TransitionReason of(EndReason reason) {
        return switch (reason) {
            case RECOVERED -> RECOVERED;
            case RULE_DISABLED -> RULE_DISABLED;
            case RULE_DELETED -> RULE_DELETED;
            case RULE_CHANGED -> RULE_CHANGED;
            case OUT_OF_SCOPE -> OUT_OF_SCOPE;
        };
    }
}
