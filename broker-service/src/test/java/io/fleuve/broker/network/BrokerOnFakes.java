package io.fleuve.broker.network;

import io.fleuve.broker.coordinator.GroupConfigs;
import io.fleuve.broker.coordinator.GroupCoordinatorSettings;
import io.fleuve.broker.protocol.CoreApis;
import io.fleuve.broker.protocol.ProtocolSettings;
import io.fleuve.broker.testing.InMemoryClusterMetadata;
import io.fleuve.broker.testing.InMemoryPartitionLogs;
import io.fleuve.broker.testing.NoTransactions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.Map;

/** The Kafka port on logs and metadata in memory. */
final class BrokerOnFakes implements AutoCloseable {

    final InMemoryPartitionLogs logs = new InMemoryPartitionLogs(Clock.systemUTC());
    final InMemoryClusterMetadata metadata = new InMemoryClusterMetadata(logs);
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final CoreApis apis;
    final KafkaServer server;

    BrokerOnFakes() {
        this(ServerSettings.of("127.0.0.1", 0));
    }

    BrokerOnFakes(ServerSettings settings) {
        apis =
                new CoreApis(
                        logs,
                        metadata,
                        new GroupConfigs(metadata, GroupCoordinatorSettings.defaults()),
                        ProtocolSettings.DEFAULTS,
                        Clock.systemUTC());
        server =
                new KafkaServer(
                        settings,
                        apis.tableWith(NoTransactions.apis(logs, metadata, Clock.systemUTC())),
                        meters);
        server.start();
        metadata.setAddress("127.0.0.1", server.port());
    }

    String bootstrap() {
        return "127.0.0.1:" + server.port();
    }

    Map<String, Object> clientConfig() {
        return Map.of("bootstrap.servers", bootstrap(), "request.timeout.ms", 10_000);
    }

    @Override
    public void close() {
        logs.release();
        server.close();
        logs.close();
    }
}
