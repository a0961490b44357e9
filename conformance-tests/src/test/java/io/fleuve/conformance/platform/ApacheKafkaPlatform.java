package io.fleuve.conformance.platform;

import io.fleuve.kafkapeer.ApacheKafka;

/** Apache Kafka, one node in a child process. */
public final class ApacheKafkaPlatform implements PlatformUnderTest {

    private final ApacheKafka kafka = ApacheKafka.temporary();

    @Override
    public String name() {
        return "Apache Kafka";
    }

    @Override
    public String bootstrapServers() {
        return kafka.bootstrapServers();
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
