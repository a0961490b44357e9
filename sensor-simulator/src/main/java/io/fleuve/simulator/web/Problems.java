package io.fleuve.simulator.web;

import io.fleuve.simulator.scenario.TooManyScenariosException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.core.JacksonException;

/** Answers what cannot be done with problem details (RFC 9457) that say why. */
@RestControllerAdvice(basePackageClasses = Problems.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class Problems {

    @ExceptionHandler
    ProblemDetail badRequest(IllegalArgumentException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail unreadable(HttpMessageNotReadableException e) {
        String detail =
                e.getCause() instanceof JacksonException json
                        ? "the body cannot be read: " + json.getOriginalMessage()
                        : "the body is missing or cannot be read; send a JSON object";
        return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail);
    }

    @ExceptionHandler
    ProblemDetail conflict(SourceBusyException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.CONFLICT, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail conflict(TooManyScenariosException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.CONFLICT, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail notFound(UnknownScenarioException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.NOT_FOUND, String.valueOf(e.getMessage()));
    }
}
