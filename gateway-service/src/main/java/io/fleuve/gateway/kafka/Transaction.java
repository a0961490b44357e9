package io.fleuve.gateway.kafka;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Records of one request that become visible together with one more record, the seal, which is made
 * when the offsets of the others are known.
 *
 * @param transactionalId the only id under which this may be committed, or null for any
 * @param allOrNone whether one refused record refuses all; otherwise the others are written
 * @param seal makes the last record from what became of the others, or null for none
 */
public record Transaction(
        @Nullable String transactionalId,
        List<ProducerRecord<byte[], byte[]>> records,
        boolean allOrNone,
        Function<List<Sent>, @Nullable ProducerRecord<byte[], byte[]>> seal,
        CompletableFuture<Ending> ending) {

    public Transaction(
            @Nullable String transactionalId,
            List<ProducerRecord<byte[], byte[]>> records,
            boolean allOrNone,
            Function<List<Sent>, @Nullable ProducerRecord<byte[], byte[]>> seal) {
        this(transactionalId, List.copyOf(records), allOrNone, seal, new CompletableFuture<>());
    }

    /** How it ended. */
    public sealed interface Ending {

        /** It is visible: {@code sent} has an element for each record. */
        record Committed(List<Sent> sent, @Nullable RecordMetadata seal) implements Ending {}

        /** Nothing is visible and nothing will be. No element of {@code sent} is written. */
        record NothingWritten(List<Sent> sent) implements Ending {}

        /**
         * Whether it is visible cannot be told until its transactional id has been fenced; its
         * producer is given up.
         *
         * @param mayBeCommitted false if the commit was never asked for, so that it never happens
         */
        record Lost(boolean mayBeCommitted, Throwable reason) implements Ending {}
    }
}
