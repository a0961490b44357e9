package io.fleuve.alerts.api;

import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.RuleDraft;
import io.fleuve.alerts.store.DryRuns;
import io.fleuve.alerts.store.RuleBook;
import io.fleuve.alerts.store.RuleBook.Kept;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Rules: what users ask to be alerted about. */
@RestController
@Tag(name = "rules", description = "What people ask to be alerted about")
class RulesController {

    private static final Duration DRY_RUN_BACK = Duration.ofDays(31);

    private final RuleBook rules;
    private final DryRuns dryRuns;
    private final InstantSource clock;

    RulesController(RuleBook rules, DryRuns dryRuns, InstantSource clock) {
        this.rules = rules;
        this.dryRuns = dryRuns;
        this.clock = clock;
    }

    @GetMapping("/rules")
    @Operation(summary = "All rules, by name, with what was left out filled in")
    List<RuleView> list() {
        return rules.all().stream().map(row -> RuleView.of(row, rules.defaults())).toList();
    }

    @GetMapping("/rules/{id}")
    @Operation(summary = "One rule")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = RuleView.class)))
    ResponseEntity<?> get(@PathVariable UUID id) {
        return rules.find(id)
                .<ResponseEntity<?>>map(
                        row -> ResponseEntity.ok(RuleView.of(row, rules.defaults())))
                .orElseGet(() -> Problems.notFound("rule", id));
    }

    @PostMapping("/rules")
    @Operation(
            summary = "Adds a rule; its windows begin within seconds",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            examples = {
                                                @ExampleObject(
                                                        name = "short form",
                                                        value = RuleExamples.SHORT),
                                                @ExampleObject(
                                                        name = "lasting heat",
                                                        value = RuleExamples.LASTING),
                                                @ExampleObject(
                                                        name = "drastic change",
                                                        value = RuleExamples.CHANGE),
                                                @ExampleObject(
                                                        name = "deviation from the normal",
                                                        value = RuleExamples.DEVIATION),
                                                @ExampleObject(
                                                        name = "no data",
                                                        value = RuleExamples.NO_DATA)
                                            })))
    @ApiResponse(
            responseCode = "201",
            content = @Content(schema = @Schema(implementation = RuleView.class)))
    ResponseEntity<?> create(@RequestBody RuleDraft draft) {
        return keep(draft, UUID.randomUUID(), rules::add, HttpStatus.CREATED);
    }

    @PutMapping("/rules/{id}")
    @Operation(
            summary = "Replaces a rule",
            description =
                    "Alerts that no longer apply end with the reason. With a new limit alerts go on; another"
                            + " condition or other windows start from nothing.")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = RuleView.class)))
    ResponseEntity<?> replace(@PathVariable UUID id, @RequestBody RuleDraft draft) {
        return keep(draft, id, rules::change, HttpStatus.OK);
    }

    @DeleteMapping("/rules/{id}")
    @Operation(summary = "Deletes a rule; its alerts end and stay on record")
    @ApiResponse(responseCode = "204")
    ResponseEntity<?> delete(@PathVariable UUID id) {
        return rules.remove(id)
                ? ResponseEntity.noContent().build()
                : Problems.notFound("rule", id);
    }

    @PostMapping({"/rules:dry-run", "/rules/dry-run"})
    @Operation(
            summary = "The alerts that a rule would have raised",
            description =
                    "Runs the rule on recorded windows. Windows that nobody has asked for yet are put together"
                            + " from the service's own where that is possible.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            examples =
                                                    @ExampleObject(
                                                            "{\"rule\": "
                                                                    + RuleExamples.SHORT
                                                                    + ", \"from\": \"2024-05-01T00:00:00Z\","
                                                                    + " \"to\": \"2024-06-01T00:00:00Z\"}"))))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = DryRunView.class)))
    ResponseEntity<?> dryRun(@RequestBody DryRunRequest request) {
        RuleDraft draft = request.rule();
        if (draft == null) {
            throw new BadParameterException("rule", "is missing: give the rule to try");
        }
        Instant to = InstantParameter.parse("to", request.to(), clock.instant());
        Instant from = InstantParameter.parse("from", request.from(), to.minus(DRY_RUN_BACK));
        if (!from.isBefore(to)) {
            throw new BadParameterException("from", "must lie before to (%s)".formatted(to));
        }
        return switch (draft.check(UUID.randomUUID(), rules.defaults())) {
            case RuleDraft.Checked.Invalid(List<RuleDraft.Problem> problems) ->
                    Problems.invalidRule(problems);
            case RuleDraft.Checked.Valid(Rule rule) ->
                    switch (dryRuns.run(rule, from, to)) {
                        case DryRuns.Result.NoHistory(String why) -> Problems.unprocessable(why);
                        case DryRuns.Result.Ran ran ->
                                ResponseEntity.ok(DryRunView.of(rule, from, to, ran));
                    };
        };
    }

    private ResponseEntity<?> keep(
            RuleDraft draft,
            UUID id,
            BiFunction<Rule, RuleDraft, Kept> operation,
            HttpStatus success) {
        return switch (draft.check(id, rules.defaults())) {
            case RuleDraft.Checked.Invalid(List<RuleDraft.Problem> problems) ->
                    Problems.invalidRule(problems);
            case RuleDraft.Checked.Valid(Rule rule) ->
                    switch (operation.apply(rule, draft)) {
                        case Kept.Done(var row) ->
                                ResponseEntity.status(success)
                                        .location(URI.create("/rules/" + id))
                                        .body(RuleView.of(row, rules.defaults()));
                        case Kept.NameTaken() ->
                                Problems.conflict(
                                        "another rule is called \"%s\"; give this one another name"
                                                .formatted(rule.name()));
                        case Kept.Full(int max) ->
                                Problems.conflict(
                                        "there are %d rules, which is as many as there may be; delete one first"
                                                .formatted(max));
                        case Kept.Missing() -> Problems.notFound("rule", id);
                    };
        };
    }
}
