package io.fleuve.alerts.api;

import io.fleuve.alerts.rules.Rule;
import io.fleuve.alerts.rules.RuleDraft;
import io.fleuve.alerts.store.RuleBook;
import io.fleuve.alerts.store.RuleBook.Kept;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Rules: what users ask to be alerted about. */
@RestController
@RequestMapping("/rules")
class RulesController {

    private final RuleBook rules;

    RulesController(RuleBook rules) {
        this.rules = rules;
    }

    @GetMapping
    List<RuleView> list() {
        return rules.all().stream().map(RuleView::of).toList();
    }

    @GetMapping("/{id}")
    ResponseEntity<?> get(@PathVariable UUID id) {
        return rules.find(id)
                .<ResponseEntity<?>>map(row -> ResponseEntity.ok(RuleView.of(row)))
                .orElseGet(() -> Problems.notFound("rule", id));
    }

    @PostMapping
    ResponseEntity<?> create(@RequestBody RuleDraft draft) {
        return keep(draft, UUID.randomUUID(), rules::add, HttpStatus.CREATED);
    }

    @PutMapping("/{id}")
    ResponseEntity<?> replace(@PathVariable UUID id, @RequestBody RuleDraft draft) {
        return keep(draft, id, rules::change, HttpStatus.OK);
    }

    @DeleteMapping("/{id}")
    ResponseEntity<?> delete(@PathVariable UUID id) {
        return rules.remove(id)
                ? ResponseEntity.noContent().build()
                : Problems.notFound("rule", id);
    }

    private static ResponseEntity<?> keep(
            RuleDraft draft, UUID id, Function<Rule, Kept> operation, HttpStatus success) {
        return switch (draft.check(id)) {
            case RuleDraft.Checked.Invalid(List<RuleDraft.Problem> problems) ->
                    Problems.invalidRule(problems);
            case RuleDraft.Checked.Valid(Rule rule) ->
                    switch (operation.apply(rule)) {
                        case Kept.Done(var row) ->
                                ResponseEntity.status(success)
                                        .location(URI.create("/rules/" + id))
                                        .body(RuleView.of(row));
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
