package io.fleuve.alerts.readings;

/** What became of the bytes of one record. */
public sealed interface DecodedReading {

    /** The bytes were a reading. */
    record Accepted(TemperatureReading reading) implements DecodedReading {}

    /**
     * The bytes were no reading that can be used.
     *
     * @param detail a sentence for the person who looks at the dead letter; holds no record content
     *     beyond a field's name
     */
    record Rejected(RejectionReason reason, String detail) implements DecodedReading {}
}
