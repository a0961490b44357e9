package io.fleuve.gateway.limits;

import io.fleuve.gateway.errors.ErrorWriter.ErrorBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.CorsFilter;
import tools.jackson.databind.json.JsonMapper;

/** Makes the filter that answers browsers which ask for a page of another origin. */
public final class CorsFilters {

    private static final List<String> EXPOSED =
            List.of("RateLimit", "RateLimit-Policy", "Retry-After", "Location");

    private CorsFilters() {}

    /** A filter for every path but the operator's. No cookies are involved, so none are allowed. */
    public static CorsFilter of(CorsSettings settings, JsonMapper mapper) {
        CorsConfiguration configuration = new CorsConfiguration();
        configuration.setAllowedOrigins(settings.allowedOrigins());
        configuration.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        configuration.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        configuration.setExposedHeaders(EXPOSED);
        configuration.setMaxAge(settings.maxAge());
        CorsFilter filter =
                new CorsFilter(
                        request ->
                                request.getRequestURI().startsWith("/actuator")
                                        ? null
                                        : configuration);
        filter.setCorsProcessor(new JsonRefusals(mapper));
        return filter;
    }

    /** Refuses in the shape of all other errors. */
    private static final class JsonRefusals extends DefaultCorsProcessor {

        private final JsonMapper mapper;

        JsonRefusals(JsonMapper mapper) {
            this.mapper = mapper;
        }

        @Override
        protected void rejectRequest(ServerHttpResponse response) throws IOException {
            response.setStatusCode(HttpStatus.FORBIDDEN);
            response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
            response.getBody()
                    .write(
                            mapper.writeValueAsString(
                                            new ErrorBody(
                                                    403,
                                                    "Pages of this origin may not call the gateway: see fleuve.gateway.cors.allowed-origins."))
                                    .getBytes(StandardCharsets.UTF_8));
            response.flush();
        }
    }
}
