package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.RestError;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** What became of one record of a request. */
public sealed interface Sent {

    /** The brokers have it; within a transaction it is visible once that is committed. */
    record Written(RecordMetadata metadata) implements Sent {}

    /**
     * It was not written, or not for good.
     *
     * @param cause what a client of Kafka said, if one was asked
     */
    record Refused(RestError error, @Nullable Throwable cause) implements Sent {
        public Refused(RestError error) {
            this(error, null);
        }
    }

    /** It was not written because another record was refused and all or none should be. */
    record Abandoned() implements Sent {}
}
