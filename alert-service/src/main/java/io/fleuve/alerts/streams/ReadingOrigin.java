package io.fleuve.alerts.streams;

/**
 * Where in {@code temperature-data} a reading stands, and which way it came to its windows.
 *
 * @param forwarded whether it came through the internal topic
 * @param partition partition of {@code temperature-data}
 * @param offset offset there
 */
record ReadingOrigin(boolean forwarded, int partition, long offset) {

    /**
     * The sequence that the offset belongs to. Offsets rise along one way from one partition, not
     * between the two ways: a forwarded reading may arrive after a direct one that stood behind it.
     */
    int sequence() {
        return forwarded ? -1 - partition : partition;
    }
}
