package io.fleuve.conformance.transactions;

import io.fleuve.conformance.faults.LongList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The values that a reader has seen, by partition, with their offsets. */
final class SeenLog {

    private final String reader;
    private final List<LongList> offsets = new ArrayList<>();
    private final List<LongList> values = new ArrayList<>();

    SeenLog(String reader, int partitions) {
        this.reader = reader;
        for (int partition = 0; partition < partitions; partition++) {
            offsets.add(new LongList());
            values.add(new LongList());
        }
    }

    synchronized void add(int partition, long offset, long value) {
        offsets.get(partition).add(offset);
        values.get(partition).add(value);
    }

    String reader() {
        return reader;
    }

    int partitions() {
        return offsets.size();
    }

    synchronized int size(int partition) {
        return offsets.get(partition).size();
    }

    synchronized long offset(int partition, int index) {
        return offsets.get(partition).get(index);
    }

    synchronized long value(int partition, int index) {
        return values.get(partition).get(index);
    }

    synchronized long size() {
        return offsets.stream().flatMapToLong(list -> LongStream.of(list.size())).sum();
    }
}
