package io.fleuve.broker.postgres;

import io.fleuve.broker.log.TransactionEnd;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The arrays in which {@code commit_intake} and {@code end_transactions} are told of ends. */
final class TransactionEnds {

    private TransactionEnds() {}

    /** Binds eight arrays, from a parameter on. */
    static void bind(PreparedStatement statement, int first, List<TransactionEnd> ends)
            throws SQLException {
        int n = ends.size();
        long[] producers = new long[n];
        short[] epochs = new short[n];
        boolean[] commits = new boolean[n];
        long[] nextProducers = new long[n];
        short[] nextEpochs = new short[n];
        short[] markerEpochs = new short[n];
        for (int i = 0; i < n; i++) {
            TransactionEnd end = ends.get(i);
            producers[i] = end.producerId();
            epochs[i] = end.epoch();
            commits[i] = end.commit();
            nextProducers[i] = end.nextProducerId();
            nextEpochs[i] = end.nextEpoch();
            markerEpochs[i] = end.markerEpoch();
        }
        long[] groupProducers =
                ends.stream()
                        .flatMap(end -> end.groupLogs().stream().map(_ -> end.producerId()))
                        .mapToLong(Long::longValue)
                        .toArray();
        long[] groupLogs =
                ends.stream()
                        .flatMap(end -> end.groupLogs().stream())
                        .mapToLong(Long::longValue)
                        .toArray();
        Object[] arrays = {
            producers,
            epochs,
            commits,
            nextProducers,
            nextEpochs,
            markerEpochs,
            groupProducers,
            groupLogs
        };
        for (int i = 0; i < arrays.length; i++) {
            statement.setObject(first + i, arrays[i]);
        }
    }
}
