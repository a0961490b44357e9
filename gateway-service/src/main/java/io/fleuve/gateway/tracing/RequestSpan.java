package io.fleuve.gateway.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.ServerHttpObservationFilter;

/** The span of a request, if it has one. */
public final class RequestSpan {

    private RequestSpan() {}

    /**
     * The {@code traceparent} (W3C Trace Context) of what this request causes, or null if requests
     * are not traced.
     */
    public static @Nullable String traceparent(HttpServletRequest request) {
        Span span =
                ServerHttpObservationFilter.findObservationContext(request)
                        .map(RequestSpan::of)
                        .orElse(null);
        if (span == null) {
            return null;
        }
        TraceContext context = span.context();
        String flags = Boolean.TRUE.equals(context.sampled()) ? "01" : "00";
        return "00-" + context.traceId() + "-" + context.spanId() + "-" + flags;
    }

    static @Nullable Span of(Observation.Context context) {
        TracingContext tracing = context.get(TracingContext.class);
        return tracing == null ? null : tracing.getSpan();
    }
}
