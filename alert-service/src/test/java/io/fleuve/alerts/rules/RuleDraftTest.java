package io.fleuve.alerts.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.rules.RuleDraft.Checked;
import io.fleuve.alerts.windows.Aggregation;
import io.fleuve.alerts.windows.Grouping;
import io.fleuve.alerts.windows.ReadingFilter;
import io.fleuve.alerts.windows.Transformation;
import io.fleuve.alerts.windows.WindowShape;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RuleDraftTest {

    private static final UUID ID = new UUID(0, 1);
    private static final RuleDefaults DEFAULTS =
            new RuleDefaults(
                    new Aggregation(
                            new WindowShape.Tumbling(Duration.ofHours(1), ZoneOffset.UTC),
                            Duration.ofMinutes(10),
                            Grouping.REGION,
                            ReadingFilter.NONE,
                            Transformation.IDENTITY,
                            false),
                    Duration.ofHours(4));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void fillsInWhatIsNotSaid() {
        assertThat(RuleDraft.threshold(" heat ", null, 35.0, null, null, null).check(ID, DEFAULTS))
                .isInstanceOfSatisfying(
                        Checked.Valid.class,
                        valid -> {
                            Rule rule = valid.rule();
                            assertThat(rule.name()).isEqualTo("heat");
                            assertThat(rule.scope().regions()).isEmpty();
                            assertThat(rule.covers("anywhere", null)).isTrue();
                            assertThat(rule.condition()).isEqualTo(new Condition.Above(35, 34));
                            assertThat(rule.aggregation()).isEqualTo(DEFAULTS.aggregation());
                            assertThat(rule.severity()).isEqualTo(Severity.WARNING);
                            assertThat(rule.enabled()).isTrue();
                        });
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThat(problemFields(RuleDraft.threshold(" ", List.of(""), null, null, "dire", true)))
                .containsExactly("name", "regions", "threshold", "severity");
    }

    @Test
    void refusesCharactersThatCannotBeKept() {
        assertThat(
                        problemFields(
                                RuleDraft.threshold(
                                        "he\0at", List.of("da\0kar"), 30.0, null, null, null)))
                .containsExactly("name", "regions");
    }

    @Test
    void refusesARecoveryThresholdAboveTheThreshold() {
        assertThat(problemFields(RuleDraft.threshold("heat", null, 30.0, 30.5, null, null)))
                .containsExactly("recoveryThreshold");
    }

    @Test
    void refusesThresholdsThatAreNoNumbers() {
        assertThat(problemFields(RuleDraft.threshold("heat", null, Double.NaN, null, null, null)))
                .containsExactly("threshold");
        assertThat(
                        problemFields(
                                RuleDraft.threshold(
                                        "heat", null, 30.0, Double.NEGATIVE_INFINITY, null, null)))
                .containsExactly("recoveryThreshold");
    }

    @Test
    void coversOnlyItsRegions() {
        Checked checked =
                RuleDraft.threshold(
                                "heat", List.of("thies", "dakar"), 30.0, 29.0, "critical", false)
                        .check(ID, DEFAULTS);
        assertThat(checked)
                .isInstanceOfSatisfying(
                        Checked.Valid.class,
                        valid -> {
                            assertThat(valid.rule().covers("dakar", null)).isTrue();
                            assertThat(valid.rule().covers("pikine", null)).isFalse();
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'a','threshold':30}",
                "{'name':'a','regions':['dakar'],'condition':{'type':'above','threshold':38,'recovery':36},"
                        + "'aggregation':{'function':'p95'},'for':'PT3H','keepFiringFor':'2h','severity':'critical',"
                        + "'repeatEvery':'0s','escalateAfter':['PT15M','PT1H'],'labels':{'team':'health'}}",
                "{'name':'a','sensors':['s1'],'filter':{'minCelsius':-40,'maxCelsius':60},"
                        + "'transformation':{'scale':1.8,'offset':32},'condition':{'type':'below','threshold':40},"
                        + "'aggregation':{'window':{'type':'hopping','size':'PT1H','advance':'PT10M'},'by':'sensor'}}",
                "{'name':'a','regions':[],"
                        + "'aggregation':{'window':{'type':'tumbling','size':'P1D','zone':'Europe/Paris'}},"
                        + "'condition':{'type':'change','by':4,'within':'P3D','direction':'up'}}",
                "{'name':'a','condition':{'type':'deviation','by':6,'recovery':4}}",
                "{'name':'a','aggregation':{'window':{'type':'session','gap':'PT5M'}},"
                        + "'condition':{'type':'no-data','after':'PT2H'}}"
            })
    void understandsEachFormAndWritesOutWhatItUnderstood(String json) {
        RuleDraft draft = JSON.readValue(json.replace('\'', '"'), RuleDraft.class);
        assertThat(draft.check(ID, DEFAULTS))
                .isInstanceOfSatisfying(
                        Checked.Valid.class,
                        valid -> {
                            String written = JSON.writeValueAsString(RuleDraft.of(valid.rule()));
                            assertThat(JSON.readValue(written, RuleDraft.class).check(ID, DEFAULTS))
                                    .isEqualTo(valid);
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'name':'a'} | threshold | give the average in °C above which to alert",
                "{'name':'a','condition':{}} | condition.type | above, below, change, deviation or no-data",
                "{'name':'a','condition':{'type':'below'}} | condition.threshold | give the average",
                "{'name':'a','condition':{'type':'below','threshold':5,'recovery':4}} | condition.recovery | must not be below the threshold (5.0)",
                "{'name':'a','condition':{'type':'above','threshold':5,'after':'PT1H'}} | condition | does not know",
                "{'name':'a','threshold':4,'condition':{'type':'above','threshold':5}} | threshold | contradicts",
                "{'name':'a','condition':{'type':'change','by':-1,'within':'PT3H'}} | condition.by | above 0",
                "{'name':'a','condition':{'type':'change','by':1,'within':'soon'}} | condition.within | such as PT2H or 2h",
                "{'name':'a','condition':{'type':'change','by':1,'within':'PT10M'}} | condition.within | nothing to compare with",
                "{'name':'a','condition':{'type':'change','by':1,'within':'2h','direction':'left'}} | condition.direction | up, down or either",
                "{'name':'a','condition':{'type':'no-data','after':'PT1H'}} | condition.after | longer than windows are apart (PT1H)",
                "{'name':'a','condition':{'type':'deviation','by':5,'recovery':6}} | condition.recovery | between 0 and by",
                "{'name':'a','condition':{'type':'deviation','by':5},'aggregation':{'function':'count'}} | aggregation.function | normals are temperatures",
                "{'name':'a','threshold':1,'aggregation':{'function':'median'}} | aggregation.function | p99",
                "{'name':'a','threshold':1,'aggregation':{'by':'country'}} | aggregation.by | region or sensor",
                "{'name':'a','threshold':1,'aggregation':{'window':{'type':'round'}}} | aggregation.window.type | tumbling, hopping or session",
                "{'name':'a','threshold':1,'aggregation':{'window':{'type':'hopping','size':'PT1H','advance':'PT2H'}}} | aggregation.window.advance | left out",
                "{'name':'a','threshold':1,'aggregation':{'window':{'type':'tumbling','size':'PT1H','zone':'Mars'}}} | aggregation.window.zone | Africa/Dakar",
                "{'name':'a','threshold':1,'aggregation':{'window':{'type':'session','size':'PT1H','gap':'PT1M'}}} | aggregation.window.size | no part of a session",
                "{'name':'a','threshold':1,'filter':{'minCelsius':5,'maxCelsius':1}} | filter.minCelsius | no reading passes",
                "{'name':'a','threshold':1,'transformation':{'scale':0}} | transformation.scale | not 0",
                "{'name':'a','threshold':1,'for':'-PT1H'} | for | must lie between PT0S",
                "{'name':'a','threshold':1,'repeatEvery':'PT1S'} | repeatEvery | at least PT1M",
                "{'name':'a','threshold':1,'escalateAfter':['PT1H','PT1H']} | escalateAfter[1] | must lie between",
                "{'name':'a','threshold':1,'labels':{'region':'x'}} | labels.region | set by the alert itself"
            })
    void saysInWordsWhatIsWrong(String json, String field, String words) {
        RuleDraft draft = JSON.readValue(json.replace('\'', '"'), RuleDraft.class);
        assertThat(draft.check(ID, DEFAULTS))
                .isInstanceOfSatisfying(
                        Checked.Invalid.class,
                        invalid ->
                                assertThat(invalid.problems())
                                        .singleElement()
                                        .satisfies(
                                                problem -> {
                                                    assertThat(problem.field()).isEqualTo(field);
                                                    assertThat(problem.message()).contains(words);
                                                }));
    }

    private static @Nullable List<String> problemFields(RuleDraft draft) {
        return draft.check(ID, DEFAULTS)
                        instanceof Checked.Invalid(List<RuleDraft.Problem> problems)
                ? problems.stream().map(RuleDraft.Problem::field).toList()
                : null;
    }
}
