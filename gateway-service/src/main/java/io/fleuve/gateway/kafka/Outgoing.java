package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.RestError;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One record of a request that was read whole. */
public sealed interface Outgoing {

    /** It can be sent. */
    record Ready(ProducerRecord<byte[], byte[]> record) implements Outgoing {}

    /** It cannot, whatever the brokers say. */
    record Refused(RestError error) implements Outgoing {}
}
