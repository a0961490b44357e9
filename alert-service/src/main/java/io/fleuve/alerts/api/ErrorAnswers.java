package io.fleuve.alerts.api;

import java.sql.SQLException;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;

/** What callers are told when a request cannot be read or the world does not play along. */
@RestControllerAdvice(basePackageClasses = ErrorAnswers.class)
// Before the framework's own, which says only that it could not read the request.
@Order(Ordered.HIGHEST_PRECEDENCE)
class ErrorAnswers {

    private static final Logger LOGGER = LoggerFactory.getLogger(ErrorAnswers.class);
    private static final String NOT_A_CHARACTER = "22021"; // character_not_in_repertoire

    @ExceptionHandler
    ResponseEntity<ProblemDetail> badParameter(BadParameterException e) {
        return Problems.badRequest(String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> wrongType(MethodArgumentTypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        return Problems.badRequest(
                "the parameter %s must be a %s"
                        .formatted(e.getName(), type == null ? "value" : type.getSimpleName()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException e) {
        return Problems.badRequest(
                e.getCause() instanceof DatabindException mismatch && !mismatch.getPath().isEmpty()
                        ? "the field %s cannot be read: %s"
                                .formatted(path(mismatch), expected(mismatch))
                        : "the body must be a JSON object; see /swagger-ui.html for its fields");
    }

    private static String path(DatabindException mismatch) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference part : mismatch.getPath()) {
            String name = part.getPropertyName();
            if (name == null) {
                path.append('[').append(part.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }

    private static String expected(DatabindException mismatch) {
        Class<?> type =
                mismatch instanceof MismatchedInputException input ? input.getTargetType() : null;
        if (type == null) {
            return "it is not of the kind that is expected there";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive() && type != boolean.class) {
            return "it must be a number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "it must be true or false";
        }
        if (type == String.class) {
            return "it must be a text";
        }
        return Collection.class.isAssignableFrom(type)
                ? "it must be a list"
                : "it must be an object";
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> conflict(ConcurrencyFailureException e) {
        return Problems.conflict("someone changed this at the same time; read it again and retry");
    }

    /** A text with U+0000, which JSON and URLs can hold and PostgreSQL cannot. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unstorable(DataIntegrityViolationException e) {
        if (e.getMostSpecificCause() instanceof SQLException refusal
                && NOT_A_CHARACTER.equals(refusal.getSQLState())) {
            return Problems.badRequest("the request holds the character U+0000; leave it out");
        }
        throw e;
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<ProblemDetail> databaseAway(Exception e) {
        LOGGER.atWarn()
                .addKeyValue("reason", e.getMessage())
                .log("a request failed because the database is away");
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header("Retry-After", "5")
                .body(
                        ProblemDetail.forStatusAndDetail(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "the database is away; try again in a few seconds"));
    }
}
