package io.fleuve.simulator;

import io.fleuve.simulator.replay.ReplaySettings;
import io.fleuve.simulator.replay.Speed;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * What can be set, below {@code fleuve.simulator}.
 *
 * @param bootstrapServers brokers as {@code host:port}, several with commas between them
 * @param topic where readings are published
 * @param partitions how many the topic gets if it does not exist
 * @param data a CSV file of {@code observed_at,region,celsius}, as a Spring resource
 * @param startAt the recorded time at which a first run begins; without it, the beginning of the
 *     data
 * @param speed seconds of recorded time for a second of the clock
 * @param loop whether the data begin again when they end, as the time after it
 * @param autostart whether the replay begins when the process does
 * @param maxUnacknowledged readings that may be on their way at once
 * @param resumeScanRecords how many records of a partition are read back, at most, to find where a
 *     replay stood
 * @param kafka further properties of the Kafka clients, such as {@code security.protocol}
 */
@ConfigurationProperties("fleuve.simulator")
public record SimulatorProperties(
        @DefaultValue("127.0.0.1:9092") String bootstrapServers,
        @DefaultValue("temperature-data") String topic,
        @DefaultValue("6") int partitions,
        @DefaultValue("classpath:/io/fleuve/simulator/data/senegal-hourly-2024.csv") Resource data,
        @Nullable Instant startAt,
        @DefaultValue("3600") double speed,
        @DefaultValue("false") boolean loop,
        @DefaultValue("true") boolean autostart,
        @DefaultValue("1000") int maxUnacknowledged,
        @DefaultValue("100000") int resumeScanRecords,
        @DefaultValue Map<String, String> kafka) {

    public SimulatorProperties {
        notBlank("bootstrap-servers", bootstrapServers);
        notBlank("topic", topic);
        between("partitions", partitions, 1, 10_000);
        between("max-unacknowledged", maxUnacknowledged, 1, 100_000);
        between("resume-scan-records", resumeScanRecords, 1_000, 10_000_000);
        if (!(speed >= Speed.SLOWEST && speed <= Speed.UNPACED)) {
            throw new IllegalArgumentException(
                    "fleuve.simulator.speed must be between %.0f and %.0f, not %s"
                            .formatted(Speed.SLOWEST, Speed.UNPACED, speed));
        }
        kafka = Map.copyOf(kafka);
    }

    ReplaySettings replay() {
        return new ReplaySettings(Optional.ofNullable(startAt), loop, new Speed(speed));
    }

    private static void notBlank(String key, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    "fleuve.simulator.%s must not be blank".formatted(key));
        }
    }

    private static void between(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "fleuve.simulator.%s must be between %d and %d, not %d"
                            .formatted(key, min, max, value));
        }
    }
}
