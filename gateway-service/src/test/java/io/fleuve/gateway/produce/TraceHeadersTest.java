package io.fleuve.gateway.produce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceHeadersTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>("t", new byte[0], new byte[0]);

    private List<String> headers() {
        return Arrays.stream(record.headers().toArray())
                .map(header -> header.key() + "=" + new String(header.value(), UTF_8))
                .toList();
    }

    @Test
    void copiesBothHeaders() {
        TraceHeaders.of(PARENT, List.of("a=1", "b=2")).addTo(record);
        assertThat(headers()).containsExactly("traceparent=" + PARENT, "tracestate=a=1,b=2");
    }

    @Test
    void leavesARecordAloneThatIsOnATraceAlready() {
        record.headers().add("traceparent", "own".getBytes(UTF_8));
        TraceHeaders.of(PARENT, List.of("a=1")).addTo(record);
        assertThat(headers()).containsExactly("traceparent=own");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
            })
    void ignoresAMalformedTrace(String parent) {
        TraceHeaders.of(parent, List.of("a=1")).addTo(record);
        assertThat(headers()).isEmpty();
    }
}
