package io.fleuve.simulator;

import io.fleuve.simulator.gateway.GatewayTopic;
import io.fleuve.simulator.kafka.ReadingTopic;
import io.fleuve.simulator.live.SimulationSettings;
import io.fleuve.simulator.replay.ReplaySettings;
import io.fleuve.simulator.replay.Speed;
import io.fleuve.simulator.replay.Times;
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
 * @param source what is published when the process starts
 * @param publish the way it goes
 * @param bootstrapServers brokers as {@code host:port}, several with commas between them
 * @param gateway the gateway, if that is the way
 * @param topic where readings are published
 * @param partitions how many the topic gets if it does not exist
 * @param data a CSV file, as a Spring resource
 * @param csv how it is written
 * @param times whether recorded times are moved to the present
 * @param startAt the recorded time at which a first run begins; without it, the beginning of the
 *     data
 * @param speed seconds of recorded or simulated time for a second of the clock; without it, 3600
 *     for a replay and 1 for a simulation
 * @param loop whether the data begin again when they end, as the time after it
 * @param rate readings a second of a simulation, or {@code max}; blank to go by its interval
 * @param simulation what is simulated
 * @param autostart whether the source begins when the process does
 * @param maxUnacknowledged readings that may be on their way at once; without it, 1,000 for a
 *     replay and 10,000 for a simulation
 * @param resumeScanRecords how many records of a partition are read back, at most, to find where a
 *     replay stood
 * @param maxScenarios scenarios that are kept
 * @param kafka further properties of the Kafka clients, such as {@code security.protocol}
 */
@ConfigurationProperties("fleuve.simulator")
public record SimulatorProperties(
        @DefaultValue("replay") Source source,
        @DefaultValue("kafka") Way publish,
        @DefaultValue("127.0.0.1:9092") String bootstrapServers,
        @DefaultValue GatewayProperties gateway,
        @DefaultValue("temperature-data") String topic,
        @DefaultValue("6") int partitions,
        @DefaultValue("classpath:/io/fleuve/simulator/data/senegal-hourly-2024.csv") Resource data,
        @DefaultValue CsvProperties csv,
        @DefaultValue("rebased") Times times,
        @Nullable Instant startAt,
        @Nullable Double speed,
        @DefaultValue("false") boolean loop,
        @DefaultValue("") String rate,
        @DefaultValue SimulationProperties simulation,
        @DefaultValue("true") boolean autostart,
        @Nullable Integer maxUnacknowledged,
        @DefaultValue("100000") int resumeScanRecords,
        @DefaultValue("100") int maxScenarios,
        @DefaultValue Map<String, String> kafka) {

    private static final String PREFIX = "fleuve.simulator.";
    private static final double USUAL_REPLAY_SPEED = 3_600;

    /** What is published. */
    public enum Source {
        REPLAY,
        SIMULATION,
        NONE
    }

    /** The way to the topic. */
    public enum Way {
        KAFKA,
        GATEWAY
    }

    public SimulatorProperties {
        Checks.notBlank(PREFIX + "bootstrap-servers", bootstrapServers);
        Checks.notBlank(PREFIX + "topic", topic);
        Checks.between(PREFIX + "partitions", partitions, 1, 10_000);
        if (maxUnacknowledged != null) {
            Checks.between(PREFIX + "max-unacknowledged", maxUnacknowledged, 1, 100_000);
        }
        Checks.between(PREFIX + "resume-scan-records", resumeScanRecords, 1_000, 10_000_000);
        Checks.between(PREFIX + "max-scenarios", maxScenarios, 1, 10_000);
        if (loop && times == Times.RECORDED) {
            throw new IllegalArgumentException(
                    "fleuve.simulator.loop does not go with fleuve.simulator.times recorded: the second pass would repeat the times of the first");
        }
        kafka = Map.copyOf(kafka);
    }

    ReplaySettings replay() {
        double factor = source == Source.SIMULATION || speed == null ? USUAL_REPLAY_SPEED : speed;
        return new ReplaySettings(
                Optional.ofNullable(startAt),
                loop,
                Checks.below(PREFIX, () -> new Speed(factor)),
                times);
    }

    SimulationSettings simulated() {
        return simulation.settings(rate, source == Source.SIMULATION && speed != null ? speed : 1);
    }

    ReadingTopic kafkaTopic() {
        return new ReadingTopic(bootstrapServers, topic, partitions, mayBeOnTheirWay(), kafka);
    }

    GatewayTopic gatewayTopic() {
        return Checks.below(
                PREFIX + "gateway.",
                () ->
                        new GatewayTopic(
                                gateway.url(),
                                topic,
                                partitions,
                                mayBeOnTheirWay(),
                                gateway.batchReadings(),
                                gateway.lanes(),
                                gateway.requestTimeout()));
    }

    private int mayBeOnTheirWay() {
        if (maxUnacknowledged != null) {
            return maxUnacknowledged;
        }
        return source == Source.SIMULATION ? 10_000 : 1_000;
    }
}
