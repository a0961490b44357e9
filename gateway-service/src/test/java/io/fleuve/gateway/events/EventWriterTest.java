package io.fleuve.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventWriterTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void framesEventsAsTheStandardSays() throws Exception {
        EventWriter writer = new EventWriter(out, Duration.ofMinutes(5));
        writer.open(Duration.ofSeconds(2), "a");
        writer.record("b", json("{\"città\":1}"));
        writer.event("gap", "c", json("{}"));
        writer.heartbeat("d");
        assertThat(written())
                .isEqualTo(
                        """
                        retry: 2000
                        id: a

                        id: b
                        data: {"città":1}

                        event: gap
                        id: c
                        data: {}

                        : heartbeat
                        id: d

                        """);
        assertThat(writer.isSlow()).isFalse();
    }

    @Test
    void remembersThatTheConnectionOnceTookTooLong() throws Exception {
        OutputStream reluctant =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        long until = System.nanoTime() + 2_000_000;
                        while (System.nanoTime() < until) {
                            Thread.onSpinWait();
                        }
                    }
                };
        EventWriter writer = new EventWriter(reluctant, Duration.ofMillis(1));
        assertThat(writer.isSlow()).isFalse();
        writer.record("a", json("1"));
        assertThat(writer.isSlow()).isTrue();
    }
}
