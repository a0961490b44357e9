package io.fleuve.conformance.faults;

import io.fleuve.kafkapeer.ApacheKafka;
import io.fleuve.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One node of Apache Kafka behind a proxy. */
final class ApacheKafkaCluster implements FaultedCluster, FaultedCluster.Node {

    private final AtomicInteger port = new AtomicInteger();
    private final TcpProxy clients = new TcpProxy(port::get);
    private final ApacheKafka kafka =
            ApacheKafka.builder()
                    .advertised(
                            listening -> {
                                port.set(listening);
                                return clients.port();
                            })
                    .heap("384m")
                    .property("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000")
                    .temporary();

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + clients.port();
    }

    @Override
    public List<Node> nodes() {
        return List.of(this);
    }

    @Override
    public long pid() {
        return kafka.pid();
    }

    @Override
    public boolean isAlive() {
        return kafka.isRunning();
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
    public TcpProxy clients() {
        return clients;
    }

    @Override
    public TcpProxy database() {
        throw new UnsupportedOperationException("Apache Kafka has no database");
    }

    @Override
    public EmbeddedPostgres postgres() {
        throw new UnsupportedOperationException("Apache Kafka has no database");
    }

    @Override
    public Path store() {
        throw new UnsupportedOperationException("Apache Kafka has no store of objects");
    }

    /** Its log is its own affair. */
    @Override
    public List<String> errors() {
        return List.of();
    }

    @Override
    public void close() {
        kafka.close();
        clients.close();
    }
}
