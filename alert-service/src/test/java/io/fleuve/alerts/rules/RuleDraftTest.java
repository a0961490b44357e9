package io.fleuve.alerts.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.rules.RuleDraft.Checked;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RuleDraftTest {

    private static final UUID ID = new UUID(0, 1);

    @Test
    void fillsInWhatIsNotSaid() {
        assertThat(new RuleDraft(" heat ", null, 35.0, null, null, null).check(ID))
                .isInstanceOfSatisfying(
                        Checked.Valid.class,
                        valid -> {
                            Rule rule = valid.rule();
                            assertThat(rule.name()).isEqualTo("heat");
                            assertThat(rule.regions()).isEmpty();
                            assertThat(rule.covers("anywhere")).isTrue();
                            assertThat(rule.recoveryThreshold()).isEqualTo(34);
                            assertThat(rule.severity()).isEqualTo(Severity.WARNING);
                            assertThat(rule.enabled()).isTrue();
                        });
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThat(problemFields(new RuleDraft(" ", List.of(""), null, null, "dire", true)))
                .containsExactly("name", "regions", "threshold", "severity");
    }

    @Test
    void refusesCharactersThatCannotBeKept() {
        assertThat(
                        problemFields(
                                new RuleDraft(
                                        "he\0at", List.of("da\0kar"), 30.0, null, null, null)))
                .containsExactly("name", "regions");
    }

    @Test
    void refusesARecoveryThresholdAboveTheThreshold() {
        assertThat(problemFields(new RuleDraft("heat", null, 30.0, 30.5, null, null)))
                .containsExactly("recoveryThreshold");
    }

    @Test
    void refusesThresholdsThatAreNoNumbers() {
        assertThat(problemFields(new RuleDraft("heat", null, Double.NaN, null, null, null)))
                .containsExactly("threshold");
        assertThat(
                        problemFields(
                                new RuleDraft(
                                        "heat", null, 30.0, Double.NEGATIVE_INFINITY, null, null)))
                .containsExactly("recoveryThreshold");
    }

    @Test
    void coversOnlyItsRegions() {
        Checked checked =
                new RuleDraft("heat", List.of("thies", "dakar"), 30.0, 29.0, "critical", false)
                        .check(ID);
        assertThat(checked)
                .isInstanceOfSatisfying(
                        Checked.Valid.class,
                        valid -> {
                            assertThat(valid.rule().covers("dakar")).isTrue();
                            assertThat(valid.rule().covers("pikine")).isFalse();
                        });
    }

    private static @Nullable List<String> problemFields(RuleDraft draft) {
        return draft.check(ID) instanceof Checked.Invalid(List<RuleDraft.Problem> problems)
                ? problems.stream().map(RuleDraft.Problem::field).toList()
                : null;
    }
}
