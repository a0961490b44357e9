package io.fleuve.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.kafka.PartitionReader.Query;
import io.fleuve.gateway.kafka.PartitionReader.Start;
import io.fleuve.gateway.kafka.ReadLimits;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class ReadRequestTest {

    private static final ReadLimits LIMITS =
            new ReadLimits(
                    1,
                    Duration.ZERO,
                    100,
                    10,
                    DataSize.ofBytes(1000),
                    DataSize.ofBytes(500),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(20),
                    DataSize.ofBytes(4096),
                    "read_committed",
                    1000);

    private static Query query(@Nullable String offset, @Nullable String timestamp) {
        return new ReadRequest(offset, timestamp, null, null, null, null, null)
                .toQuery(new TopicPartition("t", 0), LIMITS);
    }

    private static Query bounds(String records, String bytes, String timeout) {
        return new ReadRequest(null, null, records, bytes, timeout, null, null)
                .toQuery(new TopicPartition("t", 0), LIMITS);
    }

    @Test
    void readsWhereToBegin() {
        assertThat(query(null, null).start()).isEqualTo(new Start.Earliest());
        assertThat(query("earliest", null).start()).isEqualTo(new Start.Earliest());
        assertThat(query("latest", null).start()).isEqualTo(new Start.Latest());
        assertThat(query("7", null).start()).isEqualTo(new Start.AtOffset(7));
        assertThat(query("-7", null).start()).isEqualTo(new Start.AtOffset(-7));
        assertThat(query(null, "1714568400000").start())
                .isEqualTo(new Start.AtTime(1714568400000L));
        assertThat(query(null, "2024-05-01T13:00:00Z").start())
                .isEqualTo(new Start.AtTime(1714568400000L));
    }

    @Test
    void hasDefaultsAndBounds() {
        Query plain = query(null, null);
        assertThat(plain.maxRecords()).isEqualTo(10);
        assertThat(plain.maxBytes()).isEqualTo(500);
        assertThat(plain.timeout()).isZero();
        Query most = bounds("100", "1000", "3000");
        assertThat(most.maxRecords()).isEqualTo(100);
        assertThat(most.maxBytes()).isEqualTo(1000);
        assertThat(most.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThatThrownBy(() -> bounds("101", "1", "0"))
                .hasMessage(
                        "Bad Request: parameter max_records must be a number from 1 to 100, but is '101'.");
        assertThatThrownBy(() -> bounds("1", "1001", "0")).hasMessageContaining("max_bytes");
        assertThatThrownBy(() -> bounds("1", "1", "3001")).hasMessageContaining("timeout");
        assertThatThrownBy(() -> bounds("1", "1", "soon")).hasMessageContaining("timeout");
    }

    @Test
    void readsTheFormats() {
        ReadRequest asked = new ReadRequest(null, null, null, null, null, "BINARY", "json");
        assertThat(asked.formats())
                .isEqualTo(new Formats(EmbeddedFormat.JSON, EmbeddedFormat.BINARY));
        ReadRequest none = new ReadRequest(null, null, null, null, null, null, null);
        assertThat(none.formats())
                .isEqualTo(new Formats(EmbeddedFormat.STRING, EmbeddedFormat.JSON));
        ReadRequest wrong = new ReadRequest(null, null, null, null, null, null, "avro");
        assertThatThrownBy(wrong::formats).hasMessageContaining("key_format");
    }
}
