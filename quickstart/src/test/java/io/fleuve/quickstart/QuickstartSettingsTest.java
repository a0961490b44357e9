package io.fleuve.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuickstartSettingsTest {

    @Test
    void listensOnLoopbackAndUsualPortsByDefault() {
        QuickstartSettings settings = settings(Map.of());
        assertThat(settings.address(Endpoint.KAFKA).forClients()).isEqualTo("127.0.0.1:9092");
        assertThat(settings.address(Endpoint.GATEWAY).url()).isEqualTo("http://127.0.0.1:8080");
        assertThat(settings.dataDirectory()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(settings.postgresUrl()).isEmpty();
    }

    @Test
    void takesPortHostAndDirectoryFromTheEnvironment() {
        QuickstartSettings settings =
                settings(
                        Map.of(
                                "FLEUVE_KAFKA_PORT", "19092",
                                "FLEUVE_KAFKA_HOST", "0.0.0.0",
                                "FLEUVE_DATA_DIR", "/var/lib/fleuve"));
        assertThat(settings.address(Endpoint.KAFKA).host()).isEqualTo("0.0.0.0");
        assertThat(settings.address(Endpoint.KAFKA).forClients()).isEqualTo("127.0.0.1:19092");
        assertThat(settings.postgresDirectory()).isEqualTo(Path.of("/var/lib/fleuve/postgres"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "0", "65536", "-1"})
    void rejectsWhatIsNoPort(String port) {
        assertThatThrownBy(() -> settings(Map.of("FLEUVE_GATEWAY_PORT", port)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("FLEUVE_GATEWAY_PORT")
                .hasMessageContaining("'" + port + "'");
    }

    @Test
    void rejectsOnePortForTwoEndpoints() {
        assertThatThrownBy(() -> settings(Map.of("FLEUVE_GATEWAY_PORT", "8081")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("FLEUVE_GATEWAY_PORT")
                .hasMessageContaining("FLEUVE_BROKER_HTTP_PORT")
                .hasMessageContaining("8081");
    }

    @Test
    void startsOnlyWhatIsNamed() {
        assertThat(settings(Map.of()).wantedAddresses()).hasSize(Endpoint.values().length);
        QuickstartSettings one = settings(Map.of("FLEUVE_SERVICES", "broker"));
        assertThat(one.wantedAddresses())
                .extracting(Address::endpoint)
                .containsExactly(Endpoint.KAFKA, Endpoint.BROKER);
        assertThat(Announcement.ready(one, "1 s")).contains("9092").doesNotContain("8080");
        assertThatThrownBy(() -> settings(Map.of("FLEUVE_SERVICES", "broker, zookeeper")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("'zookeeper'")
                .hasMessageContaining("broker, gateway, alerts, simulator");
    }

    private static QuickstartSettings settings(Map<String, String> environment) {
        return QuickstartSettings.from(environment::get);
    }
}
