package io.fleuve.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.broker.metadata.BrokerImage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/** What can be set, as it is read from the file that is shipped. */
class BrokerPropertiesTest {

    @Test
    void takesWhatIsShipped() throws IOException {
        BrokerProperties properties = bind(Map.of());
        assertThat(properties.fixedId()).isEqualTo(1);
        assertThat(properties.storeDirectory()).isEqualTo(Path.of("./data/store"));
        assertThat(properties.kafka().port()).isEqualTo(9092);
        assertThat(properties.clientHost()).isEqualTo("127.0.0.1");
        assertThat(properties.log().settings().maxFlushBytes()).isEqualTo(4 << 20);
    }

    @Test
    void takesADirectoryAsAUri() throws IOException {
        assertThat(bind(Map.of("FLEUVE_STORE", "file:///var/fleuve")).storeDirectory())
                .isEqualTo(Path.of("/var/fleuve"));
    }

    @Test
    void saysThatAStoreIsNotSupported() throws IOException {
        BrokerProperties properties = bind(Map.of("FLEUVE_STORE", "s3://bucket"));
        assertThatThrownBy(properties::storeDirectory)
                .hasMessageContaining("FLEUVE_STORE")
                .hasMessageContaining("s3://bucket");
    }

    @Test
    void wantsAnAddressForClientsWhenItListensOnAll() throws IOException {
        BrokerProperties properties = bind(Map.of("FLEUVE_KAFKA_HOST", "0.0.0.0"));
        assertThatThrownBy(properties::clientHost)
                .hasMessageContaining("FLEUVE_KAFKA_ADVERTISED_HOST");
        assertThat(
                        bind(Map.of(
                                        "FLEUVE_KAFKA_HOST",
                                        "0.0.0.0",
                                        "FLEUVE_KAFKA_ADVERTISED_HOST",
                                        "broker.example"))
                                .clientHost())
                .isEqualTo("broker.example");
    }

    @Test
    void takesAnIdOrNone() throws IOException {
        assertThat(bind(Map.of("FLEUVE_BROKER_ID", "auto")).isIdAutomatic()).isTrue();
        assertThat(bind(Map.of("FLEUVE_BROKER_ID", "7")).fixedId()).isEqualTo(7);
        BrokerProperties wrong = bind(Map.of("FLEUVE_BROKER_ID", "one"));
        assertThat(wrong.isIdAutomatic()).isFalse();
        assertThatThrownBy(wrong::fixedId)
                .hasMessageContaining("FLEUVE_BROKER_ID")
                .hasMessageContaining("'one'");
    }

    @Test
    void opensAPortForClientsFromOutsideOnlyIfToldTo() throws IOException {
        assertThat(bind(Map.of()).external().listenAddress()).isNull();
        BrokerProperties.External external =
                bind(Map.of(
                                "FLEUVE_KAFKA_EXTERNAL_HOST", "0.0.0.0",
                                "FLEUVE_KAFKA_EXTERNAL_PORT", "19092",
                                "FLEUVE_KAFKA_EXTERNAL_ADVERTISED_HOST", "localhost"))
                        .external();
        assertThat(external.listenAddress()).isEqualTo(new InetSocketAddress("0.0.0.0", 19092));
        assertThat(external.clientAddress(19092))
                .isEqualTo(new BrokerImage.Address("localhost", 19092));
        BrokerProperties.External vague =
                bind(Map.of(
                                "FLEUVE_KAFKA_EXTERNAL_HOST", "0.0.0.0",
                                "FLEUVE_KAFKA_EXTERNAL_PORT", "19092"))
                        .external();
        assertThatThrownBy(() -> vague.clientAddress(19092))
                .hasMessageContaining("FLEUVE_KAFKA_EXTERNAL_ADVERTISED_HOST");
    }

    @Test
    void namesTheKeyOfABoundThatIsNoBound() {
        assertThatThrownBy(
                        () ->
                                bind(Map.of("fleuve.broker.log.max-store-reads", "0"))
                                        .log()
                                        .settings())
                .hasMessageContaining("fleuve.broker.log.max-store-reads");
    }

    private static BrokerProperties bind(Map<String, Object> set) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("set", new HashMap<>(set)));
        new YamlPropertySourceLoader()
                .load("shipped", new ClassPathResource("broker-service.yml"))
                .forEach(environment.getPropertySources()::addLast);
        return Binder.get(environment)
                .bind("fleuve.broker", Bindable.of(BrokerProperties.class))
                .get();
    }
}
