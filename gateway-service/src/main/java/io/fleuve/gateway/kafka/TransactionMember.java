package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.KafkaErrors;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.kafka.Transaction.Ending;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The records of one request in the round that is under way. */
final class TransactionMember {
    private final Transaction transaction;
    private final List<@Nullable RestError> excluded;
    private final List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
    private @Nullable CompletableFuture<RecordMetadata> seal;
    private @Nullable Throwable failure;

    TransactionMember(Transaction transaction, int records) {
        this.transaction = transaction;
        this.excluded = new ArrayList<>(Collections.nCopies(records, null));
    }

    void send(Producer<byte[], byte[]> producer) {
        sent.clear();
        seal = null;
        failure = null;
        for (int i = 0; i < excluded.size(); i++) {
            sent.add(
                    excluded.get(i) == null
                            ? send(producer, transaction.records().get(i))
                            : new CompletableFuture<>());
        }
    }

    private static CompletableFuture<RecordMetadata> send(
            Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        try {
            // The result comes through the callback, also when the client refuses the record.
            var _ =
                    producer.send(
                            record,
                            (metadata, exception) -> {
                                if (exception == null) {
                                    acknowledged.complete(metadata);
                                } else {
                                    acknowledged.completeExceptionally(exception);
                                }
                            });
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }

    boolean areWritten() {
        for (int i = 0; i < sent.size(); i++) {
            if (excluded.get(i) == null && !isWritten(sent.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWritten(CompletableFuture<RecordMetadata> acknowledged) {
        return acknowledged.isDone() && !acknowledged.isCompletedExceptionally();
    }

    void seal(Producer<byte[], byte[]> producer) {
        ProducerRecord<byte[], byte[]> record = transaction.seal().apply(results());
        seal = record == null ? null : send(producer, record);
    }

    boolean isSealed() {
        CompletableFuture<RecordMetadata> last = seal;
        return last == null || isWritten(last);
    }

    void fail(Throwable reason) {
        failure = reason;
    }

    void committed() {
        CompletableFuture<RecordMetadata> last = seal;
        transaction
                .ending()
                .complete(new Ending.Committed(results(), last == null ? null : last.resultNow()));
    }

    private List<Sent> results() {
        List<Sent> results = new ArrayList<>(sent.size());
        for (int i = 0; i < sent.size(); i++) {
            RestError refusal = excluded.get(i);
            results.add(
                    refusal == null
                            ? new Sent.Written(sent.get(i).resultNow())
                            : new Sent.Refused(refusal));
        }
        return results;
    }

    /** Why each record failed; null for one that did not. */
    List<@Nullable Throwable> failures() {
        List<@Nullable Throwable> failures = new ArrayList<>();
        for (CompletableFuture<RecordMetadata> acknowledged : sent) {
            failures.add(
                    acknowledged.isCompletedExceptionally() ? acknowledged.exceptionNow() : null);
        }
        CompletableFuture<RecordMetadata> last = seal;
        if (last != null && last.isCompletedExceptionally()) {
            failure = last.exceptionNow();
        }
        return failures;
    }

    /** Takes refused records out of the next round; false if there is none. */
    boolean exclude(List<@Nullable Throwable> failures) {
        boolean any = false;
        for (int i = 0; i < failures.size(); i++) {
            Throwable reason = failures.get(i);
            if (reason != null && isDefinite(reason)) {
                excluded.set(i, KafkaErrors.toRestError(reason));
                any = true;
            }
        }
        return any;
    }

    boolean none() {
        return excluded.stream().allMatch(Objects::nonNull);
    }

    /** What is reported when nothing is written: each its own reason, or that of the others. */
    Ending nothing(List<@Nullable Throwable> failures) {
        boolean abandoned = transaction.allOrNone() && excluded.stream().anyMatch(Objects::nonNull);
        Sent rest = abandoned ? new Sent.Abandoned() : new Sent.Refused(common(failures));
        List<Sent> results = new ArrayList<>();
        for (RestError own : excluded) {
            results.add(own == null ? rest : new Sent.Refused(own));
        }
        return new Ending.NothingWritten(results);
    }

    private RestError common(List<@Nullable Throwable> failures) {
        Throwable reason = failure;
        for (Throwable each : failures) {
            // A time-out says more than that the rest was aborted because of it.
            if (each != null && (reason == null || each instanceof TimeoutException)) {
                reason = each;
            }
        }
        RestError error = reason == null ? null : KafkaErrors.toRestError(reason);
        return error != null && error.status() >= 500
                ? error
                : new RestError(
                        500,
                        RestError.KAFKA_RETRIABLE,
                        "The transaction was aborted because of another record. Nothing was written.");
    }

    /** A refusal that is about the record and not about the moment. */
    static boolean isDefinite(@Nullable Throwable failure) {
        RestError error = failure == null ? null : KafkaErrors.toRestError(failure);
        return error != null && error.status() < 500 && error.status() != 429;
    }
}
