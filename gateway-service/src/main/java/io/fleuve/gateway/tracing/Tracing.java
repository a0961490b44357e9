package io.fleuve.gateway.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * The way from a request to a collector: a span of each request goes on with the caller's trace
 * (W3C Trace Context) or begins one, and is sent by OTLP over HTTP from a queue of bounded length.
 * Nothing of it is global, so that other services of the same JVM are not traced.
 */
public final class Tracing implements AutoCloseable {

    private static final String SCOPE = "io.fleuve.gateway";
    private static final int MAX_BATCH = 512;

    private final @Nullable SdkTracerProvider provider;
    private final MessagingSpans messaging;
    private final Duration exportTimeout;

    private Tracing(
            @Nullable SdkTracerProvider provider,
            MessagingSpans messaging,
            Duration exportTimeout) {
        this.provider = provider;
        this.messaging = messaging;
        this.exportTimeout = exportTimeout;
    }

    /**
     * Begins to trace the requests that {@code registry} observes, if there is a collector.
     *
     * @param service how the gateway is called in traces
     */
    public static Tracing of(
            TracingSettings settings, String service, ObservationRegistry registry) {
        String url = settings.tracesUrl();
        if (url == null) {
            return new Tracing(null, MessagingSpans.off(), settings.exportTimeout());
        }
        SdkTracerProvider provider = provider(settings, url, service);
        io.opentelemetry.api.trace.Tracer openTelemetry = provider.get(SCOPE);
        Tracer tracer = new OtelTracer(openTelemetry, new OtelCurrentTraceContext(), _ -> {});
        OtelPropagator propagator =
                new OtelPropagator(
                        ContextPropagators.create(W3CTraceContextPropagator.getInstance()),
                        openTelemetry);
        registry.observationConfig().observationHandler(requests(tracer, propagator));
        MessagingSpans messaging =
                new MessagingSpans(tracer, registry, settings.maxSendsPerRequest());
        return new Tracing(provider, messaging, settings.exportTimeout());
    }

    private static SdkTracerProvider provider(
            TracingSettings settings, String url, String service) {
        OtlpHttpSpanExporter exporter =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(url)
                        .setTimeout(settings.exportTimeout())
                        .build();
        Attributes self = Attributes.of(AttributeKey.stringKey("service.name"), service);
        return SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(self)))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sampling())))
                .addSpanProcessor(
                        BatchSpanProcessor.builder(exporter)
                                .setScheduleDelay(settings.exportInterval())
                                .setExporterTimeout(settings.exportTimeout())
                                .setMaxQueueSize(settings.maxQueuedSpans())
                                .setMaxExportBatchSize(
                                        Math.min(MAX_BATCH, settings.maxQueuedSpans()))
                                .build())
                .build();
    }

    /** What the Kafka clients' part of a trace is made with. */
    public MessagingSpans messaging() {
        return messaging;
    }

    // Of requests to this gateway alone: nothing else that is observed here is worth a trace.
    private static ObservationHandler<ServerRequestObservationContext> requests(
            Tracer tracer, OtelPropagator propagator) {
        return new PropagatingReceiverTracingObservationHandler<>(tracer, propagator) {
            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ServerRequestObservationContext;
            }
        };
    }

    /** Sends what waits, if the collector lets it in time. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(exportTimeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
