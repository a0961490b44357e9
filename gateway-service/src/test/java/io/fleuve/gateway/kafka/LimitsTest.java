package io.fleuve.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LimitsTest {

    private static <T> T bind(Class<T> type, String prefix, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(new HashMap<>(values)))
                .bindOrCreate(prefix, type);
    }

    @Test
    void defaultsHoldTogether() {
        ProduceLimits produce = bind(ProduceLimits.class, "fleuve.gateway.produce", Map.of());
        assertThat(produce.maxRecordTextBytes())
                .isGreaterThan(produce.maxRecordSize().toBytes() * 4 / 3);
        ReadLimits read = bind(ReadLimits.class, "fleuve.gateway.read", Map.of());
        assertThat(read.isolationLevel()).isEqualTo("read_committed");
    }

    @ParameterizedTest
    @CsvSource({
        "max-in-flight-requests, 0",
        "max-record-size, 10B",
        "buffer-memory, 1KB",
        "request-timeout, 0s",
        "delivery-timeout, 1s"
    })
    void produceNamesTheKeyAndTheValueAtFault(String key, String value) {
        assertThatThrownBy(
                        () ->
                                bind(
                                        ProduceLimits.class,
                                        "fleuve.gateway.produce",
                                        Map.of("fleuve.gateway.produce." + key, value)))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining("fleuve.gateway.produce." + key);
    }

    @ParameterizedTest
    @CsvSource({
        "pool-size, 0",
        "default-records, 99999",
        "default-size, 1GB",
        "isolation-level, none"
    })
    void readNamesTheKeyAndTheValueAtFault(String key, String value) {
        assertThatThrownBy(
                        () ->
                                bind(
                                        ReadLimits.class,
                                        "fleuve.gateway.read",
                                        Map.of("fleuve.gateway.read." + key, value)))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining("fleuve.gateway.read." + key);
    }
}
