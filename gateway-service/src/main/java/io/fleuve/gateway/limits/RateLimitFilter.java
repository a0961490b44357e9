package io.fleuve.gateway.limits;

import io.fleuve.gateway.errors.ErrorCounter;
import io.fleuve.gateway.errors.ErrorWriter;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.limits.TokenBucket.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.springframework.http.ResponseEntity;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses the requests of a client that sends more than it may, with 429, and tells every client
 * how it stands: the headers {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers-10.
 */
public final class RateLimitFilter extends OncePerRequestFilter {

    private static final int TOO_MANY_REQUESTS = 429;

    private final RateLimits limits;
    private final RateLimiter limiter;
    private final String policy;
    private final JsonMapper mapper;
    private final ErrorCounter errors;
    private final Counter refused;

    /**
     * @param nanoClock nanoseconds of any origin, such as {@link System#nanoTime}
     */
    public RateLimitFilter(
            RateLimits limits,
            LongSupplier nanoClock,
            JsonMapper mapper,
            ErrorCounter errors,
            MeterRegistry registry) {
        this.limits = limits;
        this.limiter = new RateLimiter(limits, nanoClock);
        this.mapper = mapper;
        this.errors = errors;
        this.policy =
                "\"requests\";q=%d;w=%d"
                        .formatted(
                                limits.burst(),
                                (long) Math.ceil(limits.burst() / limits.requestsPerSecond()));
        this.refused =
                Counter.builder("fleuve.gateway.ratelimit.refused")
                        .description("Requests refused because their client had sent too many")
                        .register(registry);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return limits.exempt().stream().anyMatch(request.getRequestURI()::startsWith);
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Decision decision = limiter.take(clientOf(request));
        response.setHeader("RateLimit-Policy", policy);
        response.setHeader(
                "RateLimit",
                "\"requests\";r=%d;t=%d"
                        .formatted(
                                decision.remaining(),
                                decision.allowed()
                                        ? decision.fullSeconds()
                                        : decision.nextSeconds()));
        if (decision.allowed()) {
            chain.doFilter(request, response);
        } else {
            refuse(request, response, decision);
        }
    }

    private String clientOf(HttpServletRequest request) {
        String header = limits.clientHeader();
        String named = header == null ? null : request.getHeader(header);
        // The kinds apart: nobody may take another's share by using its address as a name.
        return named == null ? "address " + request.getRemoteAddr() : "name " + named;
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, Decision decision)
            throws IOException {
        refused.increment();
        errors.count("limits", TOO_MANY_REQUESTS);
        ResponseEntity<Object> answer =
                ErrorWriter.respond(
                        request,
                        RestError.ofStatus(
                                TOO_MANY_REQUESTS,
                                "This client sends more than the allowed %s requests a second. Try again in %d s."
                                        .formatted(
                                                plain(limits.requestsPerSecond()),
                                                decision.nextSeconds())),
                        Duration.ofSeconds(decision.nextSeconds()));
        response.setStatus(TOO_MANY_REQUESTS);
        for (Map.Entry<String, List<String>> header : answer.getHeaders().headerSet()) {
            header.getValue().forEach(value -> response.setHeader(header.getKey(), value));
        }
        response.getOutputStream().write(mapper.writeValueAsBytes(answer.getBody()));
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
