package io.fleuve.conformance.transactions;

import io.fleuve.conformance.faults.LongList;

/** One transaction: which partitions its values went to, in order, and how it ended. */
final class Transaction {

    /** So that a value fits in a number, and what was seen of a transaction in another. */
    static final int MAX_VALUES = 60;

    private static final int NUMBER_BITS = 8;

    private final int id;
    private final int processor;
    private final byte[] partitions = new byte[MAX_VALUES];
    private final LongList sources;
    private int size;
    private boolean ending;
    private Outcome outcome = Outcome.UNKNOWN;

    /**
     * @param processor the group that it processes input for, or -1
     */
    Transaction(int id, int processor) {
        this.id = id;
        this.processor = processor;
        this.sources = new LongList(processor < 0 ? 0 : MAX_VALUES);
    }

    static int idOf(long value) {
        return (int) (value >> NUMBER_BITS);
    }

    static int numberOf(long value) {
        return (int) (value & ((1 << NUMBER_BITS) - 1));
    }

    static String describe(long value) {
        return "value %d of transaction %d".formatted(numberOf(value), idOf(value));
    }

    /** A value is about to be sent; returns it. */
    synchronized long append(int partition) {
        partitions[size] = (byte) partition;
        return value(size++);
    }

    /** The same of a value made from another one. */
    synchronized long append(int partition, long source) {
        sources.add(source);
        return append(partition);
    }

    synchronized void end(Outcome outcome) {
        this.outcome = outcome;
    }

    /** From now on it may not be open any more. */
    synchronized void ending() {
        ending = true;
    }

    synchronized boolean isEnding() {
        return ending;
    }

    int id() {
        return id;
    }

    /** The group, or -1. */
    int processor() {
        return processor;
    }

    long value(int number) {
        return ((long) id << NUMBER_BITS) | number;
    }

    synchronized int size() {
        return size;
    }

    synchronized int partition(int number) {
        return partitions[number];
    }

    synchronized long source(int number) {
        return sources.get(number);
    }

    synchronized Outcome outcome() {
        return outcome;
    }
}
