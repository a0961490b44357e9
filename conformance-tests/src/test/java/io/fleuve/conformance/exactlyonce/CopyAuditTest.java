package io.fleuve.conformance.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CopyAuditTest {

    private static final int GROUPS = 2;

    /** Two transactions of three numbers; one of two was aborted in between. */
    private final List<Copy> committed =
            new ArrayList<>(
                    List.of(
                            new Copy(0, 0, 0, 0, 1, "a/1", 1),
                            new Copy(1, 0, 1, 1, 1, "a/1", 2),
                            new Copy(0, 1, 2, 0, 2, "a/1", 3),
                            new Copy(1, 4, 3, 1, 2, "b/1", 1),
                            new Copy(0, 5, 4, 0, 3, "b/1", 2),
                            new Copy(1, 5, 5, 1, 3, "b/1", 3)));

    private final List<Copy> aborted =
            List.of(new Copy(1, 2, 3, 1, 2, "a/2", 1), new Copy(0, 3, 4, 0, 3, "a/2", 2));

    @Test
    void findsNothingWhereNothingIsWrong() {
        assertThat(violations(6)).isEmpty();
    }

    @Test
    void findsANumberThatIsMissing() {
        assertThat(violations(7)).containsExactly("a number is missing: 6");
    }

    @Test
    void findsANumberThatWasNeverSent() {
        assertThat(violations(5)).containsExactly("a number was never sent: 5");
    }

    @Test
    void findsWhatAnAbortedTransactionLeft() {
        committed.addAll(aborted);
        assertThat(violations(6)).anyMatch(found -> found.startsWith("a number is there more"));
    }

    @Test
    void findsATornTransaction() {
        List<Copy> all = written();
        committed.remove(3);
        assertThat(audit(6, all, committed))
                .contains(
                        "a number is missing: 3",
                        "a transaction is torn: b/1: 2 of 3 records, positions 2 to 3");
    }

    @Test
    void findsATransactionWhoseBeginningWasNeverWritten() {
        committed.remove(0);
        assertThat(violations(6))
                .contains("a transaction is torn: a/1: 2 of 2 records, positions 2 to 3");
    }

    @Test
    void findsACountThatDoesNotFit() {
        committed.set(5, new Copy(1, 5, 5, 1, 4, "b/1", 3));
        assertThat(violations(6))
                .singleElement()
                .asString()
                .startsWith("a number has the wrong group or ordinal");
    }

    @Test
    void findsADisorder() {
        committed.set(1, new Copy(1, 9, 1, 1, 1, "a/1", 2));
        assertThat(violations(6))
                .anyMatch(found -> found.startsWith("a number is out of the order of its group"));
    }

    @Test
    void findsAReaderWhoHasSeenTooLittleOrTooMuchOrTwice() {
        List<Copy> seen = new ArrayList<>(committed);
        seen.set(0, aborted.get(0));
        seen.add(committed.get(5));
        assertThat(audit(6, written(), seen))
                .hasSize(3)
                .anyMatch(found -> found.startsWith("a reader has not seen"))
                .anyMatch(found -> found.startsWith("a reader has seen what is not committed"))
                .anyMatch(found -> found.equals("a reader has seen 1 records twice"));
    }

    @Test
    void findsACommittedRecordThatTheLogDoesNotHave() {
        List<Copy> all = written();
        all.remove(5);
        assertThat(audit(6, all, committed))
                .anyMatch(
                        found ->
                                found.startsWith(
                                        "a committed record is not among the uncommitted"));
    }

    private List<String> violations(long numbers) {
        return audit(numbers, written(), committed);
    }

    private List<String> audit(long numbers, List<Copy> uncommitted, List<Copy> seen) {
        return new CopyAudit(numbers, GROUPS)
                .violations(committed, uncommitted, Map.of("a reader", seen));
    }

    private List<Copy> written() {
        List<Copy> written = new ArrayList<>(committed);
        written.addAll(aborted);
        return written;
    }
}
