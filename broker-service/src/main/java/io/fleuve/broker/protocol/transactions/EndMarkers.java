package io.fleuve.broker.protocol.transactions;

import io.fleuve.broker.transaction.Markers;
import io.fleuve.broker.transaction.ProducerIdentity;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Kafka's own markers. They name no coordinator's epoch: there is no coordinator to be fenced. */
public final class EndMarkers implements Markers {

    private static final int NO_COORDINATOR = 0;

    @Override
    public ByteBuffer marker(ProducerIdentity producer, boolean commit, long timestampMs) {
        return MemoryRecords.withEndTransactionMarker(
                        timestampMs,
                        producer.id(),
                        producer.epoch(),
                        new EndTransactionMarker(
                                commit ? ControlRecordType.COMMIT : ControlRecordType.ABORT,
                                NO_COORDINATOR))
                .buffer();
    }
}
