package io.fleuve.gateway.errors;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** The one place where a failed request becomes an answer. */
@RestControllerAdvice
public final class GatewayExceptionHandler {

    private static final Logger LOGGER = LoggerFactory.getLogger(GatewayExceptionHandler.class);
    private static final Duration RETRY_WHEN_BROKER_IS_AWAY = Duration.ofSeconds(1);

    private final ErrorCounter errors;

    public GatewayExceptionHandler(ErrorCounter errors) {
        this.errors = errors;
    }

    /** Nobody is left to answer. */
    @ExceptionHandler(AsyncRequestNotUsableException.class)
    void clientWentAway() {}

    /** Every failure that a controller did not answer itself. */
    @ExceptionHandler(Exception.class)
    public @Nullable ResponseEntity<Object> handle(
            Exception exception, HttpServletRequest request, HttpServletResponse response) {
        RestError error = toRestError(exception);
        if (error == null) {
            LOGGER.atError()
                    .setCause(exception)
                    .addKeyValue("method", request.getMethod())
                    .addKeyValue("path", request.getRequestURI())
                    .log("request failed by a defect of the gateway");
            error = RestError.ofStatus(500, "Internal Server Error");
        }
        errors.count(apiOf(request.getRequestURI()), error.errorCode());
        if (response.isCommitted()) {
            // The client has gone, or has part of an answer already: a second one would only garble
            // it.
            return null;
        }
        ResponseEntity<Object> answer =
                ErrorWriter.respond(request, error, retryAfter(exception, error));
        return exception instanceof ErrorResponse known
                ? withHeaders(answer, known.getHeaders())
                : answer;
    }

    // Which methods and media types would do: Allow of a 405, Accept of a 415.
    private static ResponseEntity<Object> withHeaders(
            ResponseEntity<Object> answer, HttpHeaders more) {
        HttpHeaders headers = new HttpHeaders();
        headers.putAll(more);
        headers.putAll(answer.getHeaders());
        return new ResponseEntity<>(answer.getBody(), headers, answer.getStatusCode());
    }

    private static @Nullable RestError toRestError(Exception exception) {
        RestError ofKafka = KafkaErrors.toRestError(exception);
        if (ofKafka != null) {
            return ofKafka;
        }
        return switch (exception) {
            // Confluent's proxy answers 404 when a path segment is not the number that it should
            // be.
            case MethodArgumentTypeMismatchException e
                    when e.getParameter()
                            .hasParameterAnnotation(
                                    org.springframework.web.bind.annotation.PathVariable.class) ->
                    ofHttpStatus(404);
            case MethodArgumentTypeMismatchException e ->
                    RestError.badRequest(
                            "parameter %s has the value '%s', which is not of the kind expected."
                                    .formatted(e.getName(), e.getValue()));
            case ErrorResponse e
                    when e.getStatusCode().value() == 400 && e.getBody().getDetail() != null ->
                    RestError.badRequest(e.getBody().getDetail());
            case ErrorResponse e -> ofHttpStatus(e.getStatusCode().value());
            case InvalidParameterException _ ->
                    RestError.badRequest("the parameters of the request are not well-formed.");
            case IOException e -> RestError.badRequest("the request body could not be read.");
            default -> null;
        };
    }

    /** An error that HTTP itself has a name for, worded as Confluent's proxy words it. */
    static RestError ofHttpStatus(int status) {
        HttpStatus known = HttpStatus.resolve(status);
        return RestError.ofStatus(
                status, "HTTP " + status + (known == null ? "" : " " + known.getReasonPhrase()));
    }

    private static @Nullable Duration retryAfter(Exception exception, RestError error) {
        if (KafkaErrors.unwrap(exception) instanceof RestException e && e.retryAfter() != null) {
            return e.retryAfter();
        }
        return error.status() == 503 || error.errorCode() == RestError.KAFKA_RETRIABLE
                ? RETRY_WHEN_BROKER_IS_AWAY
                : null;
    }

    static String apiOf(String path) {
        if (path.endsWith("/events")) {
            return "events";
        }
        if (path.startsWith("/v3/") || path.startsWith("/kafka/v3/")) {
            return "v3";
        }
        if (path.startsWith("/topics")
                || path.startsWith("/consumers")
                || path.startsWith("/brokers")
                || path.startsWith("/admin")) {
            return path.endsWith("/records") ? "read" : "v2";
        }
        return "other";
    }
}
