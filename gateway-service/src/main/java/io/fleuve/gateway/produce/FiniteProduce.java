package io.fleuve.gateway.produce;

import io.fleuve.gateway.errors.KafkaErrors;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.idempotency.Digest;
import io.fleuve.gateway.idempotency.Idempotency;
import io.fleuve.gateway.idempotency.IdempotencyKey;
import io.fleuve.gateway.idempotency.Prepared;
import io.fleuve.gateway.idempotency.Reply;
import io.fleuve.gateway.idempotency.Work;
import io.fleuve.gateway.kafka.Outgoing;
import io.fleuve.gateway.kafka.RecordProducer;
import io.fleuve.gateway.kafka.Sent;
import io.fleuve.gateway.kafka.TopicDirectory;
import io.fleuve.gateway.kafka.Transaction;
import io.fleuve.gateway.kafka.Transaction.Ending;
import io.fleuve.gateway.kafka.TransactionLanes;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;

/**
 * Carries a produce request out that was read whole: once for ever if it has a key, in a
 * transaction if it is to be visible wholly or not at all, otherwise record by record.
 */
public final class FiniteProduce {

    /** Says that an answer is that of an earlier request with the same key. */
    public static final String REPLAYED_HEADER = "Idempotency-Replayed";

    /** How many seconds a key is remembered, at least. */
    public static final String EXPIRY_HEADER = "Idempotency-Expiry";

    private static final Logger LOGGER = LoggerFactory.getLogger(FiniteProduce.class);
    private static final String ALIAS = "/kafka/v3/";

    private final RecordProducer producer;
    private final TransactionLanes lanes;
    private final Idempotency idempotency;
    private final TopicDirectory topics;
    private final HonestStatus status;

    public FiniteProduce(
            RecordProducer producer,
            TransactionLanes lanes,
            Idempotency idempotency,
            TopicDirectory topics,
            HonestStatus status) {
        this.producer = producer;
        this.lanes = lanes;
        this.idempotency = idempotency;
        this.topics = topics;
        this.status = status;
    }

    /** Whether a request has a key, be it malformed. */
    public static boolean hasKey(HttpServletRequest request) {
        return request.getHeader(IdempotencyKey.HEADER) != null;
    }

    /**
     * Carries {@code work} out.
     *
     * @param body of the request: with a key, another one is another request
     */
    public ResponseEntity<byte[]> carryOut(HttpServletRequest request, byte[] body, Work work) {
        if (!Preferences.strict(request) && !work.allOrNone()) {
            return attempt(request, body, work);
        }
        try {
            return attempt(request, body, work);
        } catch (RestException e) {
            throw status.of(e);
        } catch (RetriableException e) {
            throw status.retriable(KafkaErrors.messageOf(e));
        }
    }

    private ResponseEntity<byte[]> attempt(HttpServletRequest request, byte[] body, Work work) {
        if (!hasKey(request)) {
            Reply reply = work.allOrNone() ? atomically(work) : oneByOne(work);
            return begin(reply).body(reply.body());
        }
        String key =
                IdempotencyKey.parse(Collections.list(request.getHeaders(IdempotencyKey.HEADER)));
        Idempotency.Answer answer =
                idempotency.carryOut(
                        Digest.of(Objects.requireNonNullElse(request.getRemoteUser(), ""), key),
                        fingerprint(request, body),
                        work);
        answer.written().forEach(this::count);
        ResponseEntity.BodyBuilder response = begin(answer.reply());
        response.header(EXPIRY_HEADER, Long.toString(idempotency.expiry().toSeconds()));
        if (answer.replayed()) {
            response.header(REPLAYED_HEADER, "true");
        }
        return response.body(answer.reply().body());
    }

    private static ResponseEntity.BodyBuilder begin(Reply reply) {
        ResponseEntity.BodyBuilder builder = ResponseEntity.status(reply.status());
        reply.headers().forEach(builder::header);
        return builder;
    }

    private static Digest fingerprint(HttpServletRequest request, byte[] body) {
        String path = request.getRequestURI();
        // Two names of the same thing.
        String canonical = path.startsWith(ALIAS) ? path.substring(ALIAS.indexOf("/v3/")) : path;
        String type = Objects.requireNonNullElse(request.getContentType(), "");
        return Digest.of(
                request.getMethod().getBytes(StandardCharsets.UTF_8),
                canonical.getBytes(StandardCharsets.UTF_8),
                type.getBytes(StandardCharsets.UTF_8),
                body);
    }

    private Reply oneByOne(Work work) {
        List<Supplier<Sent>> pending = new ArrayList<>();
        for (Outgoing each : work.outgoing()) {
            pending.add(
                    switch (each) {
                        case Outgoing.Ready(var record) -> {
                            CompletableFuture<RecordMetadata> sent = producer.send(record);
                            yield () -> await(sent);
                        }
                        case Outgoing.Refused(RestError error) -> () -> new Sent.Refused(error);
                    });
        }
        return work.reply(pending.stream().map(Supplier::get).toList());
    }

    private Sent await(CompletableFuture<RecordMetadata> sent) {
        try {
            return new Sent.Written(producer.await(sent));
        } catch (ExecutionException | RuntimeException e) {
            Throwable cause = KafkaErrors.unwrap(e);
            RestError error = KafkaErrors.toRestError(cause);
            if (error == null) {
                throw new IllegalStateException("producing failed in an unknown way", cause);
            }
            return new Sent.Refused(error, cause);
        }
    }

    private Reply atomically(Work work) {
        Prepared prepared = Prepared.of(work, topics);
        if (prepared.isRefused()) {
            return prepared.reply();
        }
        Transaction transaction =
                new Transaction(null, prepared.records(), work.allOrNone(), _ -> null);
        try (TransactionLanes.Turn turn = lanes.turn()) {
            return switch (turn.carryOut(transaction, idempotency.requestTimeout())) {
                case Ending.Committed(List<Sent> sent, var _) -> {
                    sent.forEach(this::count);
                    yield prepared.reply(sent);
                }
                case Ending.NothingWritten(List<Sent> sent) -> prepared.reply(sent);
                case Ending.Lost(boolean mayBeCommitted, Throwable reason) ->
                        throw lost(mayBeCommitted, reason);
            };
        }
    }

    private static RestException lost(boolean mayBeCommitted, Throwable reason) {
        RestError known = KafkaErrors.toRestError(reason);
        if (known != null && known.status() < 500) {
            return new RestException(known);
        }
        LOGGER.atWarn()
                .addKeyValue("reason", reason.toString())
                .addKeyValue("mayBeCommitted", mayBeCommitted)
                .log("atomic batch could not be committed");
        return new RestException(
                new RestError(
                        500,
                        RestError.KAFKA_RETRIABLE,
                        mayBeCommitted
                                ? "Whether the batch was written is not known. With an Idempotency-Key it"
                                        + " could be repeated safely."
                                : "The batch was not written: " + reason.getMessage()));
    }

    private void count(Sent sent) {
        if (sent instanceof Sent.Written(RecordMetadata metadata)) {
            producer.count(metadata);
        }
    }
}
