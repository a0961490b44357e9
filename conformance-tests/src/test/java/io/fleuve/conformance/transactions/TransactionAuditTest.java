package io.fleuve.conformance.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The audit finds what it is there to find. */
class TransactionAuditTest {

    private final History history = new History();
    private final Transaction first = history.begin(-1);
    private final Transaction second = history.begin(-1);
    private final Transaction derived = history.begin(0);
    private final SeenLog committed = new SeenLog("committed", 3);
    private final SeenLog uncommitted = new SeenLog("uncommitted", 3);

    @BeforeEach
    void send() {
        for (Transaction transaction : List.of(first, second)) {
            transaction.append(0);
            transaction.append(1);
            transaction.append(0);
        }
        derived.append(2, first.value(0));
        derived.append(2, first.value(2));
        first.end(Outcome.COMMITTED);
        second.end(Outcome.ABORTED);
        derived.end(Outcome.COMMITTED);
    }

    @Test
    void isContentWithAllOrNothing() {
        seeFirst();
        seeDerived();
        uncommitted.add(0, 3, second.value(0));

        assertThat(audit()).isEmpty();
    }

    @Test
    void findsACommittedValueThatIsLost() {
        seeDerived();
        see(0, 0, first.value(0));
        see(1, 0, first.value(1));

        assertThat(audit()).singleElement().asString().startsWith("lost: transaction 0");
    }

    @Test
    void findsAValueOfAnAbortedTransaction() {
        seeFirst();
        seeDerived();
        see(1, 1, second.value(1));

        assertThat(audit()).singleElement().asString().startsWith("visible: transaction 1");
    }

    @Test
    void findsAValueOfATransactionThatNobodyCommitted() {
        second.end(Outcome.NEVER_COMMITTED);
        seeFirst();
        seeDerived();
        see(1, 1, second.value(1));

        assertThat(audit()).singleElement().asString().startsWith("visible: transaction 1");
    }

    @Test
    void findsATornTransactionOfUnknownOutcomeAndTakesAWholeOne() {
        second.end(Outcome.UNKNOWN);
        seeFirst();
        seeDerived();
        see(0, 3, second.value(0));
        assertThat(audit()).singleElement().asString().startsWith("torn: 1 of the 3");

        see(1, 1, second.value(1));
        see(0, 4, second.value(2));
        assertThat(audit()).isEmpty();
    }

    @Test
    void findsDuplicatesAtEitherLevel() {
        seeFirst();
        seeDerived();
        uncommitted.add(1, 5, first.value(1));
        assertThat(audit()).containsExactly("uncommitted: twice: value 1 of transaction 0");

        committed.add(1, 5, first.value(1));
        assertThat(audit()).contains("committed: twice: value 1 of transaction 0");
    }

    @Test
    void findsPhantoms() {
        seeFirst();
        seeDerived();
        see(1, 7, new Transaction(99, -1).value(0));
        see(1, 8, second.value(7));
        see(2, 9, second.value(0));

        assertThat(audit())
                .contains(
                        "committed: phantom: value 0 of transaction 99 on partition 1",
                        "committed: phantom: value 7 of transaction 1 on partition 1",
                        "committed: phantom: value 0 of transaction 1 on partition 2");
    }

    @Test
    void findsValuesOutOfOrder() {
        seeDerived();
        see(0, 0, first.value(2));
        see(0, 1, first.value(0));
        see(1, 0, first.value(1));

        assertThat(audit()).contains("committed: out of order: value 0 of transaction 0");
    }

    @Test
    void findsWhatOnlyReadCommittedSees() {
        seeDerived();
        seeFirst();
        second.end(Outcome.COMMITTED);
        see(0, 3, second.value(0));
        see(0, 4, second.value(2));
        committed.add(1, 1, second.value(1));

        assertThat(audit()).singleElement().asString().contains("only read_committed sees");
    }

    @Test
    void findsAReaderThatSawSomethingElse() {
        seeFirst();
        SeenLog reader = new SeenLog("a reader", 3);
        reader.add(0, 0, first.value(0));
        assertThat(prefix(reader)).isEmpty();

        reader.add(0, 1, second.value(0));
        assertThat(prefix(reader)).singleElement().asString().startsWith("a reader: partition 0");
    }

    @Test
    void findsAReaderThatSawTooMuch() {
        SeenLog reader = new SeenLog("a reader", 3);
        reader.add(0, 0, first.value(0));

        assertThat(prefix(reader)).singleElement().asString().contains("saw 1 records");
    }

    @Test
    void findsInputThatWasProcessedTwiceOrNotAtAllOrOutOfOrder() {
        seeFirst();
        seeDerived();
        assertThat(processed(3)).isEmpty();
        assertThat(processed(2)).singleElement().asString().contains("without its offset");

        Transaction again = history.begin(0);
        again.append(2, first.value(0));
        see(2, 3, again.value(0));
        assertThat(processed(3))
                .containsExactly(
                        "group 0: processed twice: value 0 of transaction 0",
                        "group 0: processed out of order: value 0 of transaction 0");
    }

    @Test
    void findsInputBelowTheOffsetThatWasNotProcessed() {
        seeFirst();
        see(2, 0, derived.value(0));

        assertThat(processed(3))
                .singleElement()
                .asString()
                .contains("not processed: ", "at offset 2", "transaction 2 with 2 values");
    }

    @Test
    void findsOutputOfInputThatWasAborted() {
        seeFirst();
        seeDerived();
        Transaction wrong = history.begin(0);
        wrong.append(2, second.value(0));
        see(2, 3, wrong.value(0));

        assertThat(processed(3)).singleElement().asString().contains("not in its input");
    }

    @Test
    void findsAReaderThatReadPastAnOpenTransaction() {
        OpenTransactions open = new OpenTransactions();
        open.opened(first, 0, 10, 1_000);

        assertThat(open.readPast(0, 9, 0)).isEqualTo(-1);
        assertThat(open.readPast(1, 10, 0)).isEqualTo(-1);
        assertThat(open.readPast(0, 11, 0)).isEqualTo(first.id());
        assertThat(open.readPast(0, 11, 1_001)).isEqualTo(-1);
        open.ending(first);
        assertThat(open.readPast(0, 11, 0)).isEqualTo(-1);
        open.opened(first, 0, 10, 1_000);
        assertThat(open.readPast(0, 11, 0)).as("acknowledged late").isEqualTo(-1);
    }

    private void seeFirst() {
        see(0, 0, first.value(0));
        see(1, 0, first.value(1));
        see(0, 2, first.value(2));
    }

    private void seeDerived() {
        see(2, 0, derived.value(0));
        see(2, 1, derived.value(1));
    }

    private void see(int partition, long offset, long value) {
        committed.add(partition, offset, value);
        uncommitted.add(partition, offset, value);
    }

    private List<String> audit() {
        TransactionAudit audit = new TransactionAudit(history.transactions());
        audit.finalLogs(committed, uncommitted);
        return audit.violations();
    }

    private List<String> prefix(SeenLog reader) {
        TransactionAudit audit = new TransactionAudit(history.transactions());
        audit.prefix(reader, committed);
        return audit.violations();
    }

    private List<String> processed(long offset) {
        TransactionAudit audit = new TransactionAudit(history.transactions());
        audit.processed(0, new int[] {0}, committed, Map.of(0, offset));
        return audit.violations();
    }
}
