package io.fleuve.gateway.kafka;

/** Where a group is to read on. */
public sealed interface OffsetTarget {

    /** The first offset that the partition holds. */
    record Earliest() implements OffsetTarget {}

    /** The end as a read_committed consumer sees it. */
    record Latest() implements OffsetTarget {}

    /** One offset, the same on each partition. */
    record At(long offset) implements OffsetTarget {}

    /** The first record that is not older than a time, or the end if all are. */
    record Since(long timestampMs) implements OffsetTarget {}

    /** That many records further, or back if negative, from what is committed. */
    record ShiftBy(long records) implements OffsetTarget {}
}
