package io.fleuve.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.GatewayUnderTest.Answer;
import io.fleuve.gateway.GatewayUnderTest.Client;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;

/** Spans of requests and of what is sent and read for them, as a collector gets them. */
@ExtendWith(GatewayUnderTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracingIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String CALLER_SPAN = "b7ad6b7169203331";

    private final String bootstrap;
    private final Collector collector;
    private final ConfigurableApplicationContext gateway;
    private final Client client;
    private String topic = "";

    TracingIT(Client shared) throws IOException {
        this.bootstrap = shared.bootstrap();
        this.collector = new Collector();
        // None of its own: what is sent is sent because the caller's trace is.
        this.gateway =
                GatewayUnderTest.startGateway(
                        bootstrap,
                        "--fleuve.gateway.tracing.otlp-endpoint=" + collector.url(),
                        "--fleuve.gateway.tracing.sampling=0",
                        "--fleuve.gateway.tracing.export-interval=100ms",
                        "--fleuve.gateway.tracing.max-sends-per-request=2");
        this.client = Client.of(gateway, bootstrap);
    }

    @BeforeAll
    void createTopic() {
        topic = client.createTopic(1);
    }

    @AfterAll
    void stop() {
        gateway.close();
        collector.close();
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static String[] headers(String trace, String flags) {
        return new String[] {
            "traceparent", "00-" + trace + "-" + CALLER_SPAN + "-" + flags, "tracestate", "a=1"
        };
    }

    private Answer produce(String topic, String body, String... headers) {
        return client.post(
                client.cluster() + "/topics/" + topic + "/records",
                "application/json",
                body,
                headers);
    }

    private static String value(String text) {
        return "{\"value\":{\"type\":\"STRING\",\"data\":\"" + text + "\"}}";
    }

    /** The trace's spans once the one of the request, which ends last, is among them. */
    private List<Span> ended(String trace) {
        return Awaitility.await()
                .atMost(LIMIT)
                .until(
                        () -> collector.spansOf(trace),
                        spans -> !kind(spans, SpanKind.SPAN_KIND_SERVER).isEmpty());
    }

    private static List<Span> kind(List<Span> spans, SpanKind kind) {
        return spans.stream().filter(span -> span.getKind() == kind).toList();
    }

    private static String id(Span span) {
        return Collector.hex(span.getSpanId().toByteArray());
    }

    private static String parentOf(Span span) {
        return Collector.hex(span.getParentSpanId().toByteArray());
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void goesOnWithTheCallersTraceToTheCollectorAndIntoTheRecord() {
        String own = client.createTopic(1);
        String trace = newTrace();
        produce(own, value("a"), headers(trace, "01")).expect(200);
        List<Span> spans = ended(trace);
        assertThat(spans).hasSize(2);
        Span server = kind(spans, SpanKind.SPAN_KIND_SERVER).getFirst();
        assertThat(parentOf(server)).isEqualTo(CALLER_SPAN);
        Span send = kind(spans, SpanKind.SPAN_KIND_PRODUCER).getFirst();
        assertThat(parentOf(send)).isEqualTo(id(server));
        assertThat(send.getName()).isEqualTo("send " + own);
        assertThat(Collector.attributesOf(send))
                .containsEntry("messaging.system", "kafka")
                .containsEntry("messaging.operation.name", "send")
                .containsEntry("messaging.operation.type", "send")
                .containsEntry("messaging.destination.name", own)
                .containsEntry("messaging.destination.partition.id", "0")
                .containsEntry("messaging.kafka.offset", "0");
        ConsumerRecord<String, String> record = CommittedRecords.of(bootstrap, own).getFirst();
        assertThat(header(record, "traceparent"))
                .isEqualTo("00-" + trace + "-" + id(server) + "-01");
        assertThat(header(record, "tracestate")).isEqualTo("a=1");
    }

    @Test
    void tellsWhyARecordWasNotSent() {
        String trace = newTrace();
        produce(topic, value("x".repeat(2_000_000)), headers(trace, "01"));
        Span send = kind(ended(trace), SpanKind.SPAN_KIND_PRODUCER).getFirst();
        assertThat(send.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(Collector.attributesOf(send)).containsEntry("error.type", "MESSAGE_TOO_LARGE");
    }

    @Test
    void makesASpanOfNoMoreThanTheFirstRecordsOfAStream() {
        String trace = newTrace();
        produce(topic, value("a") + value("b") + value("c"), headers(trace, "01")).expect(200);
        assertThat(kind(ended(trace), SpanKind.SPAN_KIND_PRODUCER)).hasSize(2);
    }

    @Test
    void makesOneSpanOfRecordsThatAreWrittenTogether() {
        String trace = newTrace();
        client.post(
                        client.cluster() + "/topics/" + topic + "/records:batch",
                        "application/json",
                        "{\"atomic\":true,\"entries\":[{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":\"3\"}]}",
                        headers(trace, "01"))
                .expect(207);
        List<Span> sent = kind(ended(trace), SpanKind.SPAN_KIND_PRODUCER);
        assertThat(sent).hasSize(1);
        assertThat(Collector.attributesOf(sent.getFirst()))
                .containsEntry("messaging.destination.name", topic)
                .containsEntry("messaging.batch.message_count", "3");
    }

    @Test
    void makesASpanOfARead() {
        String own = client.createTopic(1);
        produce(own, value("a") + value("b")).expect(200);
        for (String path :
                List.of("/partitions/0/records?offset=earliest", "/records?from=start")) {
            String trace = newTrace();
            client.get("/topics/" + own + path, headers(trace, "01")).expect(200);
            List<Span> spans = ended(trace);
            Span poll = kind(spans, SpanKind.SPAN_KIND_CLIENT).getFirst();
            assertThat(poll.getName()).isEqualTo("poll " + own);
            assertThat(parentOf(poll))
                    .isEqualTo(id(kind(spans, SpanKind.SPAN_KIND_SERVER).getFirst()));
            assertThat(Collector.attributesOf(poll))
                    .containsEntry("messaging.operation.type", "receive")
                    .containsEntry("messaging.batch.message_count", "2");
        }
    }

    @Test
    void sendsNothingOfATraceThatItsCallerDoesNotSend() {
        String own = client.createTopic(1);
        String silent = newTrace();
        produce(own, value("a"), headers(silent, "00")).expect(200);
        String sent = newTrace();
        produce(own, value("b"), headers(sent, "01")).expect(200);
        ended(sent);
        assertThat(collector.spansOf(silent)).isEmpty();
        // The record is on the trace all the same, and says that it is not sent.
        assertThat(header(CommittedRecords.of(bootstrap, own).getFirst(), "traceparent"))
                .matches("00-" + silent + "-(?!" + CALLER_SPAN + ")[0-9a-f]{16}-00");
    }

    @Test
    void servesRequestsAndStopsWhileTheCollectorIsAway() throws IOException {
        String away;
        try (Collector gone = new Collector()) {
            away = gone.url();
        }
        long start;
        try (ConfigurableApplicationContext lonely =
                GatewayUnderTest.startGateway(
                        bootstrap,
                        "--fleuve.gateway.tracing.otlp-endpoint=" + away,
                        "--fleuve.gateway.tracing.sampling=1",
                        "--fleuve.gateway.tracing.export-timeout=1s")) {
            Client other = Client.of(lonely, bootstrap);
            other.post(
                            other.cluster() + "/topics/" + topic + "/records",
                            "application/json",
                            value("a"))
                    .expect(200);
            start = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
    }
}
