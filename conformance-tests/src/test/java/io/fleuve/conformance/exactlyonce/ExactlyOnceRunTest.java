package io.fleuve.conformance.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.conformance.exactlyonce.ExactlyOnceRun.Update;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The comparison finds what it is there to find. */
class ExactlyOnceRunTest {

    private static final Update ONE = new Update("1", 10);
    private static final Update TWO = new Update("2", 20);

    @Test
    void isContentWithTheSame() {
        assertThat(differences(List.of(ONE, TWO))).isEmpty();
    }

    @Test
    void findsRecordsThatAreMissingRepeatedSwappedOrOfAnotherTime() {
        assertThat(differences(List.of(ONE))).hasSize(1);
        assertThat(differences(List.of())).hasSize(1);
        assertThat(differences(List.of(ONE, ONE, TWO))).hasSize(1);
        assertThat(differences(List.of(ONE, TWO, TWO))).hasSize(1);
        assertThat(differences(List.of(TWO, ONE))).hasSize(1);
        assertThat(differences(List.of(ONE, new Update("2", 21)))).hasSize(1);
    }

    @Test
    void findsAKeyThatShouldNotBe() {
        assertThat(
                        ExactlyOnceRun.differences(
                                Map.of("a", List.of(ONE)),
                                Map.of("a", List.of(ONE), "b", List.of(TWO))))
                .singleElement()
                .asString()
                .startsWith("b: 1 records where 0 are due");
    }

    private static List<String> differences(List<Update> actual) {
        return ExactlyOnceRun.differences(Map.of("a", List.of(ONE, TWO)), Map.of("a", actual));
    }
}
