package io.fleuve.alerts.api;

import io.fleuve.alerts.silences.Silence;
import io.fleuve.alerts.silences.SilenceDraft;
import io.fleuve.alerts.store.SilenceBook;
import io.fleuve.alerts.store.SilenceEntity;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Silences: alerts that are not told for a time. */
@RestController
@RequestMapping("/silences")
@Tag(name = "silences", description = "Alerts that are not told for a time")
class SilencesController {

    private final SilenceBook silences;
    private final InstantSource clock;

    SilencesController(SilenceBook silences, InstantSource clock) {
        this.silences = silences;
        this.clock = clock;
    }

    @GetMapping
    @Operation(summary = "Silences that are not over, or with all=true also those that are")
    ResponseEntity<List<SilenceView>> list(
            @RequestParam(defaultValue = "false") boolean all,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        Instant now = clock.instant();
        return Paging.answer(
                silences.page(all, Paging.request(page, size)), row -> SilenceView.of(row, now));
    }

    @GetMapping("/{id}")
    @Operation(summary = "One silence")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = SilenceView.class)))
    ResponseEntity<?> get(@PathVariable UUID id) {
        return silences.find(id)
                .<ResponseEntity<?>>map(
                        row -> ResponseEntity.ok(SilenceView.of(row, clock.instant())))
                .orElseGet(() -> Problems.notFound("silence", id));
    }

    @PostMapping
    @Operation(
            summary = "Silences alerts whose labels match",
            description =
                    "What begins meanwhile and is still going on afterwards is told then; so is the end of what"
                            + " people know of. kind is is, is-not or like, where * stands for anything.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            examples =
                                                    @ExampleObject(
                                                            """
                                                            {"matchers": [{"label": "region", "value": "dakar"},
                                                                          {"label": "severity", "kind": "is-not", "value": "critical"}],
                                                             "duration": "PT4H", "author": "awa", "comment": "sensor is being replaced"}"""))))
    @ApiResponse(
            responseCode = "201",
            content = @Content(schema = @Schema(implementation = SilenceView.class)))
    ResponseEntity<?> create(@RequestBody SilenceDraft draft) {
        Instant now = clock.instant();
        return switch (draft.check(UUID.randomUUID(), now)) {
            case SilenceDraft.Checked.Invalid(List<SilenceDraft.Problem> problems) ->
                    Problems.invalidSilence(problems);
            case SilenceDraft.Checked.Valid(Silence silence) -> {
                Optional<SilenceEntity> kept = silences.add(silence);
                if (kept.isEmpty()) {
                    yield Problems.conflict(
                            "there are %d silences, which is as many as there may be; expire one first"
                                    .formatted(silences.max()));
                }
                yield ResponseEntity.created(URI.create("/silences/" + silence.id()))
                        .body(SilenceView.of(kept.get(), now));
            }
        };
    }

    @PostMapping("/{id}/expire")
    @Operation(summary = "Ends a silence early; what it held is told soon")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = SilenceView.class)))
    ResponseEntity<?> expire(@PathVariable UUID id, @RequestBody RemarkRequest remark) {
        return switch (silences.expire(id, remark.author())) {
            case SilenceBook.Expired.Done(SilenceEntity row) ->
                    ResponseEntity.ok(SilenceView.of(row, clock.instant()));
            case SilenceBook.Expired.Over() -> Problems.conflict("this silence is over already");
            case SilenceBook.Expired.Missing() -> Problems.notFound("silence", id);
        };
    }
}
