package io.fleuve.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The audit finds what it is there to find. */
class LogAuditTest {

    private static final int RECORDS = 4;

    private final Incarnation idempotent = new Incarnation(0, ProducerKind.IDEMPOTENT, 1);
    private final Incarnation plain = new Incarnation(1, ProducerKind.PLAIN_GZIP, 1);
    private long offset;

    @BeforeEach
    void send() {
        for (int i = 0; i < RECORDS; i++) {
            idempotent.sent(0);
        }
    }

    @Test
    void isContentWithALogThatIsWhatWasAcknowledged() {
        for (int i = 0; i < RECORDS; i++) {
            idempotent.acknowledged(0, i, i);
        }

        assertThat(
                        audit(
                                record(idempotent, 0),
                                record(idempotent, 1),
                                record(idempotent, 2),
                                record(idempotent, 3)))
                .isEmpty();
    }

    @Test
    void findsARecordThatIsLost() {
        idempotent.acknowledged(0, 3, 3);

        assertThat(audit(record(idempotent, 0), record(idempotent, 1), record(idempotent, 2)))
                .anyMatch(violation -> violation.startsWith("lost: number 3"));
    }

    @Test
    void findsARecordThatIsElsewhere() {
        idempotent.acknowledged(0, 0, 1);

        assertThat(audit(record(idempotent, 0)))
                .containsExactly("0 records are at the offset that was acknowledged, of 1");
    }

    @Test
    void findsDuplicatesOfIdempotentProducersAndCountsThoseOfOthers() {
        assertThat(audit(record(idempotent, 0), record(idempotent, 0)))
                .singleElement()
                .asString()
                .startsWith("a duplicate");

        plain.sent(0);
        plain.sent(0);
        offset = 0;
        LogAudit audit = new LogAudit(List.of(idempotent, plain), 1);
        for (int number : new int[] {0, 1, 0, 1}) {
            audit.take(record(plain, number));
        }
        assertThat(audit.violations()).isEmpty();
        assertThat(audit.duplicates()).isEqualTo(2);
    }

    @Test
    void findsGapsButForWhatWasGivenUp() {
        assertThat(audit(record(idempotent, 0), record(idempotent, 2)))
                .singleElement()
                .asString()
                .startsWith("a gap before offset 1: number 1");

        idempotent.refused(0, 1);
        offset = 0;
        assertThat(audit(record(idempotent, 0), record(idempotent, 2))).isEmpty();
    }

    @Test
    void findsRecordsOutOfOrder() {
        idempotent.refused(0, 1);

        assertThat(audit(record(idempotent, 0), record(idempotent, 2), record(idempotent, 1)))
                .singleElement()
                .asString()
                .startsWith("out of order at offset 2");
    }

    @Test
    void findsForeignRecords() {
        Incarnation foreign = new Incarnation(9, ProducerKind.IDEMPOTENT, 1);

        assertThat(audit(record(foreign, 0))).singleElement().asString().contains("foreign record");
    }

    @Test
    void copiesOfTheLogDifferWhereOneRecordDoes() {
        LogCopy log = new LogCopy("the log", 1);
        LogCopy other = new LogCopy("a reader", 1);
        log.add(record(idempotent, 0));
        log.add(record(idempotent, 1));
        offset = 0;
        other.add(record(idempotent, 0));
        other.add(record(idempotent, 2));
        offset = 3;
        other.add(record(idempotent, 3));

        List<String> differences = new ArrayList<>();
        log.compare(other, differences);

        assertThat(differences)
                .containsExactly(
                        "the log: partition 0, offset 1: a reader has seen another record");
        assertThat(other.violations())
                .containsExactly("a reader: partition 0: offset 3 where 2 was due");
    }

    @SafeVarargs
    private List<String> audit(ConsumerRecord<byte[], byte[]>... records) {
        LogAudit audit = new LogAudit(List.of(idempotent, plain), 1);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            audit.take(record);
        }
        return audit.violations();
    }

    private ConsumerRecord<byte[], byte[]> record(Incarnation incarnation, int number) {
        byte[] value =
                ByteBuffer.allocate(100).putInt(incarnation.id()).putInt(0).putInt(number).array();
        return new ConsumerRecord<>("faults", 0, offset++, null, value);
    }
}
