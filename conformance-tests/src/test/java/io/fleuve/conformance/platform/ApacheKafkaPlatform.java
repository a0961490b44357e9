package io.fleuve.conformance.platform;

import io.fleuve.kafkapeer.ApacheKafka;
import java.util.List;

/** Apache Kafka, one node in a child process. */
public final class ApacheKafkaPlatform implements PlatformUnderTest {

    private final ApacheKafka kafka;

    /**
     * Starts one with the settings of a test. Transactions may last an hour, as Flink asks: what a
     * Fleuve broker allows unless told otherwise.
     */
    public ApacheKafkaPlatform() {
        this(
                ApacheKafka.builder()
                        .property("transaction.max.timeout.ms", "3600000")
                        // Scenarios write records of 1970: no look for what is too old meanwhile.
                        .property("log.initial.task.delay.ms", "86400000"));
    }

    /** Starts one with given settings. */
    public ApacheKafkaPlatform(ApacheKafka.Builder settings) {
        this.kafka = settings.temporary();
    }

    @Override
    public String name() {
        return "Apache Kafka";
    }

    @Override
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    @Override
    public List<Long> processes() {
        return List.of(kafka.pid());
    }

    @Override
    public void kill() {
        kafka.kill();
    }

    @Override
    public void restart() {
        kafka.restart();
    }

    @Override
    public void close() {
        kafka.close();
    }
}
