package io.fleuve.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.gateway.errors.RestException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BoundedInputStreamTest {

    @Test
    void letsTheLimitThroughAndNotAByteMore() throws IOException {
        BoundedInputStream exact =
                new BoundedInputStream(new ByteArrayInputStream(new byte[10]), 10, "x");
        assertThat(exact.readAllBytes()).hasSize(10);
        BoundedInputStream more =
                new BoundedInputStream(new ByteArrayInputStream(new byte[11]), 10, "x");
        assertThatThrownBy(more::readAllBytes)
                .isInstanceOf(RestException.class)
                .hasMessage("The x is larger than the allowed 10 bytes.");
    }

    @Test
    void countsAnewAfterARestart() throws IOException {
        BoundedInputStream stream =
                new BoundedInputStream(new ByteArrayInputStream(new byte[15]), 10, "x");
        assertThat(stream.readNBytes(10)).hasSize(10);
        stream.restart();
        assertThat(stream.readNBytes(10)).hasSize(5);
        assertThat(stream.totalBytes()).isEqualTo(15);
    }
}
