package io.fleuve.alerts.silences;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.alerts.silences.SilenceDraft.Checked;
import io.fleuve.alerts.silences.SilenceDraft.MatcherDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilencesTest {

    private static final Instant NOW = Instant.parse("2026-10-25T00:30:00Z");
    private static final UUID ID = new UUID(0, 1);
    private static final List<@Nullable MatcherDraft> DAKAR =
            List.of(new MatcherDraft("region", null, "dakar"));

    @ParameterizedTest
    @CsvSource({
        "dakar, d*r, true",
        "dakar, *, true",
        "dakar, dakar*, true",
        "dakar, *k*a*, true",
        "dakar, *x*, false",
        "dakar, dak, false",
        "aaaaaaaaaaaaaaaaaaaaaab, *a*a*a*a*a*a*c, false"
    })
    void comparesWithAsterisks(String text, String pattern, boolean expected) {
        Matcher matcher = new Matcher("region", Matcher.Kind.LIKE, pattern);
        assertThat(matcher.matches(Map.of("region", text))).isEqualTo(expected);
    }

    @Test
    void takesAnAbsentLabelAsEmpty() {
        assertThat(Matcher.is("team", "").matches(Map.of())).isTrue();
        assertThat(new Matcher("team", Matcher.Kind.IS_NOT, "a").matches(Map.of())).isTrue();
    }

    @Test
    void silencesFromItsFirstInstantToTheOneBeforeItsEnd() {
        Silence silence =
                new Silence(
                        ID,
                        List.of(Matcher.is("region", "dakar")),
                        NOW,
                        NOW.plusSeconds(60),
                        "awa",
                        "");
        Map<String, String> dakar = Map.of("region", "dakar");
        assertThat(silence.silences(dakar, NOW.minusMillis(1))).isFalse();
        assertThat(silence.silences(dakar, NOW)).isTrue();
        assertThat(silence.silences(dakar, NOW.plusMillis(59_999))).isTrue();
        assertThat(silence.silences(dakar, NOW.plusSeconds(60))).isFalse();
        assertThat(silence.silences(Map.of("region", "thies"), NOW)).isFalse();
    }

    @Test
    void inhibitsWarningsOfTheSameRegionOnly() {
        Inhibition inhibition =
                new Inhibition(
                        List.of(Matcher.is("severity", "critical")),
                        List.of(Matcher.is("severity", "warning")),
                        new TreeSet<>(Set.of("region")));
        Map<String, String> critical = Map.of("severity", "critical", "region", "dakar");
        Map<String, String> warning = Map.of("severity", "warning", "region", "dakar");
        assertThat(inhibition.inhibits(critical, warning)).isTrue();
        assertThat(inhibition.inhibits(warning, critical)).isFalse();
        assertThat(inhibition.inhibits(critical, critical)).isFalse();
        assertThat(inhibition.inhibits(critical, Map.of("severity", "warning", "region", "thies")))
                .isFalse();
    }

    @Test
    void neverLetsTwoAlertsInhibitEachOther() {
        Inhibition anyByAny =
                new Inhibition(
                        List.of(new Matcher("severity", Matcher.Kind.LIKE, "*")),
                        List.of(new Matcher("severity", Matcher.Kind.LIKE, "*")),
                        new TreeSet<>());
        Map<String, String> one = Map.of("severity", "critical");
        Map<String, String> other = Map.of("severity", "warning");
        assertThat(anyByAny.inhibits(one, other)).isFalse();
        assertThat(anyByAny.inhibits(other, one)).isFalse();
    }

    @Test
    void understandsADurationAndADate() {
        assertThat(new SilenceDraft(DAKAR, null, null, "PT4H", " awa ", null).check(ID, NOW))
                .isInstanceOfSatisfying(
                        Checked.Valid.class,
                        valid -> {
                            assertThat(valid.silence().from()).isEqualTo(NOW);
                            assertThat(valid.silence().until())
                                    .isEqualTo(NOW.plus(Duration.ofHours(4)));
                            assertThat(valid.silence().author()).isEqualTo("awa");
                        });
        assertThat(
                        new SilenceDraft(
                                        DAKAR,
                                        "2026-11-01T00:00:00Z",
                                        "2026-11-02T00:00:00Z",
                                        null,
                                        "awa",
                                        "works")
                                .check(ID, NOW))
                .isInstanceOf(Checked.Valid.class);
    }

    @Test
    void namesWhatIsWrong() {
        assertThat(problems(new SilenceDraft(null, null, null, null, null, null)))
                .containsExactly("matchers", "until", "author");
        assertThat(problems(new SilenceDraft(DAKAR, null, "2020-01-01T00:00:00Z", null, "a", null)))
                .contains("until");
        assertThat(problems(new SilenceDraft(DAKAR, "soon", null, "PT1H", "a", null)))
                .containsExactly("from");
        assertThat(problems(new SilenceDraft(DAKAR, null, null, "forever", "a", null)))
                .containsExactly("duration");
        assertThat(
                        problems(
                                new SilenceDraft(
                                        List.of(new MatcherDraft("region", "smells-like", "x")),
                                        null,
                                        null,
                                        "PT1H",
                                        "a",
                                        null)))
                .containsExactly("matchers[0].kind");
    }

    private static List<String> problems(SilenceDraft draft) {
        return switch (draft.check(ID, NOW)) {
            case Checked.Invalid(List<SilenceDraft.Problem> problems) ->
                    problems.stream().map(SilenceDraft.Problem::field).toList();
            case Checked.Valid _ -> List.of();
        };
    }
}
