package io.fleuve.alerts.api;

import io.fleuve.alerts.rules.RuleDraft;
import io.fleuve.alerts.silences.SilenceDraft;
import io.fleuve.alerts.subscribers.SubscriberDraft;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Error answers, as problem details (RFC 9457). */
final class Problems {

    private Problems() {}

    static ResponseEntity<ProblemDetail> notFound(String what, UUID id) {
        return of(HttpStatus.NOT_FOUND, "there is no %s %s".formatted(what, id));
    }

    static ResponseEntity<ProblemDetail> conflict(String detail) {
        return of(HttpStatus.CONFLICT, detail);
    }

    static ResponseEntity<ProblemDetail> badRequest(String detail) {
        return of(HttpStatus.BAD_REQUEST, detail);
    }

    static ResponseEntity<ProblemDetail> unprocessable(String detail) {
        return of(HttpStatus.UNPROCESSABLE_CONTENT, detail);
    }

    /** Everything that is wrong with a subscriber, by field. */
    static ResponseEntity<ProblemDetail> invalidSubscriber(List<SubscriberDraft.Problem> problems) {
        return invalid(
                "the subscriber cannot be kept: ",
                problems,
                problems.stream().map(p -> p.field() + ": " + p.message()).toList());
    }

    /** Everything that is wrong with a silence, by field. */
    static ResponseEntity<ProblemDetail> invalidSilence(List<SilenceDraft.Problem> problems) {
        return invalid(
                "the silence cannot be kept: ",
                problems,
                problems.stream().map(p -> p.field() + ": " + p.message()).toList());
    }

    /** Everything that is wrong with a rule, by field. */
    static ResponseEntity<ProblemDetail> invalidRule(List<RuleDraft.Problem> problems) {
        return invalid(
                "the rule cannot be kept: ",
                problems,
                problems.stream().map(p -> p.field() + ": " + p.message()).toList());
    }

    private static ResponseEntity<ProblemDetail> invalid(
            String what, List<?> problems, List<String> lines) {
        ProblemDetail body =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.BAD_REQUEST, what + String.join("; ", lines));
        body.setProperty("errors", problems);
        return ResponseEntity.badRequest().body(body);
    }

    private static ResponseEntity<ProblemDetail> of(HttpStatus status, String detail) {
        return ResponseEntity.status(status).body(ProblemDetail.forStatusAndDetail(status, detail));
    }
}
