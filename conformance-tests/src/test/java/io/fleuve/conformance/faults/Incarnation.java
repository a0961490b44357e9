package io.fleuve.conformance.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * One life of a producer: what it has sent on each partition, in order, and what it was told. A
 * producer that got a fatal error is replaced by another incarnation, which counts anew.
 */
final class Incarnation {

    private static final long UNANSWERED = -1;
    private static final long REFUSED = -2;

    private final int id;
    private final ProducerKind kind;
    private final List<LongList> offsets = new ArrayList<>();
    private long sent;
    private long acknowledged;
    private long refused;

    Incarnation(int id, ProducerKind kind, int partitions) {
        this.id = id;
        this.kind = kind;
        for (int partition = 0; partition < partitions; partition++) {
            offsets.add(new LongList());
        }
    }

    int id() {
        return id;
    }

    ProducerKind kind() {
        return kind;
    }

    /** A record is sent; returns its number on the partition. */
    synchronized int sent(int partition) {
        LongList records = offsets.get(partition);
        records.add(UNANSWERED);
        sent++;
        return records.size() - 1;
    }

    synchronized void acknowledged(int partition, int number, long offset) {
        offsets.get(partition).set(number, offset);
        acknowledged++;
    }

    /** It was given up: whether it is in the log is not known. */
    synchronized void refused(int partition, int number) {
        offsets.get(partition).set(number, REFUSED);
        refused++;
    }

    synchronized int sentOn(int partition) {
        return offsets.get(partition).size();
    }

    /** The offset that was told, or a negative number. */
    synchronized long offset(int partition, int number) {
        return offsets.get(partition).get(number);
    }

    synchronized boolean wasRefused(int partition, int number) {
        return offset(partition, number) == REFUSED;
    }

    synchronized long sent() {
        return sent;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized long refused() {
        return refused;
    }
}
