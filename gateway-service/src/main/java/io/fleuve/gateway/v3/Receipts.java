package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.KafkaErrors;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.v3.Resources.ProduceReceipt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told of one record. */
final class Receipts {

    static final byte[] SEPARATOR = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final Logger LOGGER = LoggerFactory.getLogger(Receipts.class);

    private Receipts() {}

    static ProduceReceipt written(
            String clusterId, String topic, RecordRequest request, RecordMetadata metadata) {
        return new ProduceReceipt(
                200,
                null,
                clusterId,
                topic,
                metadata.partition(),
                metadata.hasOffset() ? metadata.offset() : null,
                timestampOf(metadata),
                request.producedKey(metadata.serializedKeySize()),
                request.producedValue(metadata.serializedValueSize()));
    }

    static ProduceReceipt refused(RestError error) {
        RestError told = error.insideStream();
        return new ProduceReceipt(
                told.errorCode(), told.message(), null, null, null, null, null, null, null);
    }

    static @Nullable String timestampOf(RecordMetadata metadata) {
        return metadata.hasTimestamp()
                ? Instant.ofEpochMilli(metadata.timestamp()).toString()
                : null;
    }

    /** The error that a failed record is reported with. */
    static RestError errorOf(Exception failure) {
        RestError known = KafkaErrors.toRestError(failure);
        if (known != null) {
            return known;
        }
        LOGGER.atError().setCause(failure).log("producing failed by a defect of the gateway");
        return RestError.ofStatus(500, "Internal Server Error");
    }
}
