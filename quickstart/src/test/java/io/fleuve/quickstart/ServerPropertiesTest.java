package io.fleuve.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerPropertiesTest {

    @Test
    void understandsWhatAFileOfKafkaSays() {
        ServerProperties properties =
                ServerProperties.read(
                        Map.of(
                                "broker.id", "7",
                                "listeners",
                                        "CONTROLLER://localhost:9093,PLAINTEXT://localhost:19092",
                                "advertised.listeners", "PLAINTEXT://kafka.example:9092",
                                "log.dirs", "/var/lib/fleuve, /mnt/other",
                                "num.partitions", "3",
                                "FLEUVE_POSTGRES_URL", "jdbc:postgresql://db/fleuve"));
        assertThat(properties.variables())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "FLEUVE_BROKER_ID", "7",
                                "FLEUVE_KAFKA_HOST", "localhost",
                                "FLEUVE_KAFKA_PORT", "19092",
                                "FLEUVE_KAFKA_ADVERTISED_HOST", "kafka.example",
                                "FLEUVE_KAFKA_ADVERTISED_PORT", "9092",
                                "FLEUVE_DATA_DIR", "/var/lib/fleuve",
                                "FLEUVE_DEFAULT_PARTITIONS", "3",
                                "FLEUVE_POSTGRES_URL", "jdbc:postgresql://db/fleuve"));
        assertThat(properties.notes()).isEmpty();
    }

    @Test
    void listensOnAllInterfacesIfTheFileNamesNone() {
        assertThat(ServerProperties.read(Map.of("listeners", "PLAINTEXT://:9092")).variables())
                .containsEntry("FLEUVE_KAFKA_HOST", "0.0.0.0")
                .containsEntry("FLEUVE_KAFKA_PORT", "9092")
                .containsKey("FLEUVE_KAFKA_ADVERTISED_HOST");
    }

    @Test
    void tellsWhatIsNotNeededAndWhatIsNotUsed() {
        assertThat(
                        ServerProperties.read(
                                        Map.of(
                                                "zookeeper.connect", "localhost:2181",
                                                "log.retention.hours", "168",
                                                "num.io.threads", "8"))
                                .notes())
                .satisfiesExactlyInAnyOrder(
                        unused ->
                                assertThat(unused)
                                        .contains("log.retention.hours")
                                        .doesNotContain("num.io"),
                        zookeeper -> assertThat(zookeeper).startsWith("zookeeper.connect"));
    }

    @Test
    void namesASettingThatCannotBeRead() {
        assertThatThrownBy(() -> ServerProperties.read(Map.of("listeners", "localhost:9092")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("listeners")
                .hasMessageContaining("PLAINTEXT://localhost:9092");
        assertThatThrownBy(
                        () ->
                                ServerProperties.read(
                                        Map.of("listeners", "SASL_SSL://a.example:9093")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("PLAINTEXT listener");
    }
}
