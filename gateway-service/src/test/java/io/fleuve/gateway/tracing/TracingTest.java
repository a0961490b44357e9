package io.fleuve.gateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TracingTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ObservationRegistry registry = ObservationRegistry.create();

    private static TracingSettings settings(@Nullable String endpoint, double sampling) {
        URI uri = endpoint == null ? null : URI.create(endpoint);
        return new TracingSettings(uri, sampling, SECOND, SECOND, 16, 2);
    }

    /** What became of a request with {@code traceparent}. */
    private Observation.Context observe(String traceparent, Runnable work) {
        // Micrometer observes nothing unless somebody listens, be it for metrics.
        registry.observationConfig().observationHandler(_ -> true);
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/topics/t");
        request.addHeader("traceparent", traceparent);
        ServerRequestObservationContext context =
                new ServerRequestObservationContext(request, new MockHttpServletResponse());
        Observation.createNotStarted("http.server.requests", () -> context, registry).observe(work);
        return context;
    }

    @Test
    void makesNoSpanWithoutACollector() {
        try (Tracing tracing = Tracing.of(settings(null, 1), "test", registry)) {
            Observation.Context context =
                    observe(
                            PARENT,
                            () -> {
                                ProducerRecord<byte[], byte[]> record =
                                        new ProducerRecord<>("t", new byte[0]);
                                assertThat(tracing.messaging().send(record))
                                        .isSameAs(MessagingSpan.NONE);
                            });
            assertThat(RequestSpan.of(context)).isNull();
        }
    }

    @Test
    void makesSpansOfTheFirstRecordsOfARequestThatIsSampled() {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("t", new byte[0]);
        try (Tracing tracing = Tracing.of(settings("http://127.0.0.1:1", 0), "test", registry)) {
            MessagingSpans spans = tracing.messaging();
            observe(
                    PARENT,
                    () -> {
                        assertThat(spans.send(record)).isNotSameAs(MessagingSpan.NONE);
                        assertThat(spans.send(record)).isNotSameAs(MessagingSpan.NONE);
                        assertThat(spans.send(record)).isSameAs(MessagingSpan.NONE);
                    });
            observe(
                    PARENT.replace("-01", "-00"),
                    () -> assertThat(spans.send(record)).isSameAs(MessagingSpan.NONE));
            assertThat(spans.send(record)).isSameAs(MessagingSpan.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://collector:4318, http://collector:4318/v1/traces",
        "http://collector:4318/, http://collector:4318/v1/traces",
        "https://example.org/otlp/v1/traces, https://example.org/otlp/v1/traces"
    })
    void postsWhereCollectorsListen(String endpoint, String url) {
        assertThat(settings(endpoint, 1).tracesUrl()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"collector:4318", "grpc://collector:4317", "http:///v1/traces"})
    void refusesAnEndpointThatIsNoUrl(String endpoint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(endpoint, 1))
                .withMessageContaining("fleuve.gateway.tracing.otlp-endpoint")
                .withMessageContaining(endpoint);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void refusesASamplingThatIsNoProbability(double sampling) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(null, sampling))
                .withMessageContaining("fleuve.gateway.tracing.sampling")
                .withMessageContaining(Double.toString(sampling));
    }
}
