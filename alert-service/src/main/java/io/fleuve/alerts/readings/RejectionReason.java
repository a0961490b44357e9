package io.fleuve.alerts.readings;

/** Why a record is a dead letter. */
public enum RejectionReason {
    /** The record has no value. */
    EMPTY("empty"),
    /** The value is larger than a reading may be. */
    TOO_LARGE("too-large"),
    /** The value is neither a JSON object nor a bare four-byte integer without key. */
    MALFORMED("malformed"),
    /** A field that every reading has is absent or null. */
    MISSING_FIELD("missing-field"),
    /** A field is there but has the wrong type or form. */
    INVALID_FIELD("invalid-field"),
    /** The temperature is outside of what is physically plausible. */
    OUT_OF_RANGE("out-of-range"),
    /** The reading claims a time so far ahead that it would make every honest reading late. */
    TOO_FAR_AHEAD("too-far-ahead"),
    /** The record's key names another region than its value. */
    KEY_MISMATCH("key-mismatch"),
    /** A record on the internal topic that was not forwarded there by this service. */
    NOT_FORWARDED("not-forwarded");

    private final String code;

    RejectionReason(String code) {
        this.code = code;
    }

    /** The reason as it stands in headers and metric tags. */
    public String code() {
        return code;
    }
}
