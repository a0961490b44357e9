package io.fleuve.broker.inspection;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What is known of an idempotent producer that has written to a log.
 *
 * @param lastSequence sequence of the last record that it wrote
 * @param lastWrite when it wrote that
 * @param transactionStart the offset at which its open transaction begins, if it has one
 * @param hasEnded whether it has ended a transaction in the log
 */
public record ProducerState(
        long producerId,
        short producerEpoch,
        int lastSequence,
        Instant lastWrite,
        OptionalLong transactionStart,
        boolean hasEnded) {}
