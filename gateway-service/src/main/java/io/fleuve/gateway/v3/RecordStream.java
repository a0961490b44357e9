package io.fleuve.gateway.v3;

import io.fleuve.gateway.errors.ErrorCounter;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.BoundedInputStream;
import io.fleuve.gateway.format.LosslessJson;
import io.fleuve.gateway.kafka.ProduceLimits;
import io.fleuve.gateway.kafka.RecordProducer;
import io.fleuve.gateway.produce.TraceHeaders;
import io.fleuve.gateway.v3.Resources.ProduceReceipt;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * One produce request of v3: JSON values in, one after the other, and a receipt for each out, in
 * order and as soon as the brokers have acknowledged it. The thread of the request reads and sends;
 * another writes receipts, so that a client may keep the stream open and see what became of a
 * record before it sends the next one. Between the two is a queue of bounded length: a client that
 * does not read its receipts is not read from either.
 */
public final class RecordStream {

    private static final Logger LOGGER = LoggerFactory.getLogger(RecordStream.class);

    private final RecordProducer producer;
    private final ErrorCounter errors;
    private final JsonMapper mapper;
    private final Clock clock;

    public RecordStream(
            RecordProducer producer, ErrorCounter errors, JsonMapper mapper, Clock clock) {
        this.producer = producer;
        this.errors = errors;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** What the writer is handed. */
    private sealed interface Pending {

        record Sent(RecordRequest request, CompletableFuture<RecordMetadata> acknowledged)
                implements Pending {}

        record Refused(RestError error) implements Pending {}

        record End() implements Pending {}
    }

    /**
     * Serves a stream to its end.
     *
     * @return false if the body was empty, in which case nothing was written
     * @throws IOException if the client went away
     */
    boolean serve(
            String clusterId, String topic, TraceHeaders trace, InputStream in, OutputStream out)
            throws IOException {
        ProduceLimits limits = producer.limits();
        BoundedInputStream body =
                new BoundedInputStream(in, limits.maxRecordTextBytes(), "JSON of one record");
        BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(limits.maxPendingPerStream());
        // The first value is read before there is a writer: an empty body is an ordinary error.
        Reader reader =
                new Reader(topic, trace, body, clock.instant().plus(limits.streamMaxDuration()));
        Pending first = reader.next();
        if (first instanceof Pending.End) {
            return false;
        }
        Writer writer = new Writer(clusterId, topic, queue, out);
        Thread thread = Thread.ofVirtual().name("gateway-receipts").start(writer);
        try {
            Pending next = first;
            while (!(next instanceof Pending.End) && offer(queue, next, writer)) {
                next = reader.next();
            }
            offer(queue, new Pending.End(), writer);
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            throw new InterruptException(e);
        }
        IOException failure = writer.failure;
        if (failure != null) {
            throw failure;
        }
        return true;
    }

    private static boolean offer(BlockingQueue<Pending> queue, Pending pending, Writer writer)
            throws InterruptedException {
        while (writer.failure == null) {
            if (queue.offer(pending, 100, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    /** Turns the body into records on their way. */
    private final class Reader {
        private final String topic;
        private final TraceHeaders trace;
        private final BoundedInputStream body;
        private final Instant deadline;
        private @Nullable MappingIterator<JsonNode> values;
        private boolean broken;

        Reader(String topic, TraceHeaders trace, BoundedInputStream body, Instant deadline) {
            this.topic = topic;
            this.trace = trace;
            this.body = body;
            this.deadline = deadline;
        }

        Pending next() {
            if (broken) {
                return new Pending.End();
            }
            try {
                if (values == null) {
                    values = LosslessJson.readAll(body);
                }
                if (!values.hasNextValue()) {
                    return new Pending.End();
                }
                JsonNode value = values.nextValue();
                body.restart();
                if (clock.instant().isAfter(deadline)) {
                    return last(
                            RestError.ofStatus(
                                    408,
                                    "Streaming connection open for longer than allowed: Connection"
                                            + " will be closed."));
                }
                return send(value);
            } catch (RestException e) {
                return last(e.error());
            } catch (JacksonException e) {
                // Where the next value would begin is anyone's guess: this receipt is the last.
                return last(
                        RestError.badRequest(
                                "Error processing message: " + LosslessJson.explain(e)));
            }
        }

        private Pending send(JsonNode value) {
            try {
                RecordRequest request = RecordRequest.parse(topic, value);
                trace.addTo(request.record());
                return new Pending.Sent(request, producer.send(request.record()));
            } catch (RestException e) {
                return new Pending.Refused(e.error());
            }
        }

        private Pending last(RestError error) {
            broken = true;
            return new Pending.Refused(error);
        }
    }

    /** Writes receipts in the order of the records. */
    private final class Writer implements Runnable {
        private final String clusterId;
        private final String topic;
        private final BlockingQueue<Pending> queue;
        private final OutputStream out;
        private volatile @Nullable IOException failure;

        Writer(String clusterId, String topic, BlockingQueue<Pending> queue, OutputStream out) {
            this.clusterId = clusterId;
            this.topic = topic;
            this.queue = queue;
            this.out = out;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    Pending pending = queue.take();
                    if (pending instanceof Pending.Sent sent && !sent.acknowledged().isDone()) {
                        // About to wait: let the client have what there is.
                        out.flush();
                    }
                    ProduceReceipt receipt = toReceipt(pending);
                    if (receipt == null) {
                        out.flush();
                        return;
                    }
                    out.write(mapper.writeValueAsBytes(receipt));
                    out.write(Receipts.SEPARATOR);
                    if (queue.isEmpty()) {
                        out.flush();
                    }
                }
            } catch (IOException e) {
                failure = e;
            } catch (InterruptedException e) {
                failure = new IOException("interrupted while writing receipts", e);
            } catch (RuntimeException e) {
                LOGGER.atError()
                        .setCause(e)
                        .log("writing receipts failed by a defect of the gateway");
                failure = new IOException("the stream of receipts broke", e);
            }
        }

        private @Nullable ProduceReceipt toReceipt(Pending pending) {
            return switch (pending) {
                case Pending.Sent sent -> toReceipt(sent);
                case Pending.Refused refused -> toReceipt(refused.error());
                case Pending.End _ -> null;
            };
        }

        private ProduceReceipt toReceipt(Pending.Sent sent) {
            try {
                RecordMetadata metadata = producer.await(sent.acknowledged());
                return Receipts.written(clusterId, topic, sent.request(), metadata);
            } catch (ExecutionException | RuntimeException e) {
                return toReceipt(Receipts.errorOf(e));
            }
        }

        private ProduceReceipt toReceipt(RestError error) {
            errors.count("v3", error.errorCode());
            return Receipts.refused(error);
        }
    }
}
