package io.fleuve.gateway.errors;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Turns a {@link RestError} into an answer: Confluent's body, or an RFC 9457 problem for clients
 * whose Accept names {@code application/problem+json} at least as high as {@code application/json}.
 */
public final class ErrorWriter {

    private static final MediaType V2_JSON =
            MediaType.parseMediaType("application/vnd.kafka.v2+json");

    private ErrorWriter() {}

    /** Confluent's error body. */
    public record ErrorBody(
            @JsonProperty("error_code") int errorCode, @JsonProperty("message") String message) {}

    /** The same as a problem of RFC 9457, with the code as an extension member. */
    public record ProblemBody(
            @JsonProperty("type") String type,
            @JsonProperty("title") String title,
            @JsonProperty("status") int status,
            @JsonProperty("detail") String detail,
            @JsonProperty("instance") String instance,
            @JsonProperty("error_code") int errorCode) {}

    /** The answer to {@code request}; {@code retryAfter} is rounded up to whole seconds. */
    public static ResponseEntity<Object> respond(
            HttpServletRequest request, RestError error, @Nullable Duration retryAfter) {
        HttpHeaders headers = new HttpHeaders();
        if (retryAfter != null) {
            headers.set(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(Math.max(1, (retryAfter.toMillis() + 999) / 1000)));
        }
        List<MediaType> accepted = accepted(request);
        if (prefersProblem(accepted)) {
            headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
            return new ResponseEntity<>(problem(request, error), headers, error.status());
        }
        headers.setContentType(
                accepted.stream().anyMatch(ErrorWriter::isKafkaV2)
                        ? V2_JSON
                        : MediaType.APPLICATION_JSON);
        return new ResponseEntity<>(
                new ErrorBody(error.errorCode(), error.message()), headers, error.status());
    }

    private static ProblemBody problem(HttpServletRequest request, RestError error) {
        HttpStatus status = HttpStatus.resolve(error.status());
        return new ProblemBody(
                "about:blank",
                status == null ? "Error" : status.getReasonPhrase(),
                error.status(),
                error.message(),
                request.getRequestURI(),
                error.errorCode());
    }

    private static List<MediaType> accepted(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        if (accept == null) {
            return List.of();
        }
        try {
            return MediaType.parseMediaTypes(accept);
        } catch (InvalidMediaTypeException e) {
            return List.of();
        }
    }

    private static boolean isKafkaV2(MediaType type) {
        return type.getSubtype().startsWith("vnd.kafka") && type.getSubtype().endsWith("v2+json");
    }

    private static boolean prefersProblem(List<MediaType> accepted) {
        double problem = quality(accepted, MediaType.APPLICATION_PROBLEM_JSON);
        return problem > 0 && problem >= quality(accepted, MediaType.APPLICATION_JSON);
    }

    private static double quality(List<MediaType> accepted, MediaType wanted) {
        return accepted.stream()
                .filter(type -> type.equalsTypeAndSubtype(wanted))
                .mapToDouble(MediaType::getQualityValue)
                .max()
                .orElse(0);
    }
}
