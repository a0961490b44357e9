package io.fleuve.alerts.streams;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * What the topology must know about {@code temperature-data}.
 *
 * @param id the topic's id, which tells it from an earlier topic of that name
 * @param partitions how many partitions it has
 */
record SourceTopic(String id, int partitions) {

    /**
     * The one partition whose task holds a region's windows: that which Kafka's own partitioner
     * gives the key (murmur2 of its bytes, sign bit cleared, modulo the number of partitions).
     */
    int homeOf(String region) {
        byte[] key = region.getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
