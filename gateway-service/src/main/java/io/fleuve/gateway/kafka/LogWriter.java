package io.fleuve.gateway.kafka;

import io.fleuve.gateway.errors.KafkaErrors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/** Appends the gateway's own records to its own topics, outside of any transaction. */
public final class LogWriter implements AutoCloseable {

    private final LazyClient<Producer<byte[], byte[]>> client;
    private final ProduceLimits limits;

    public LogWriter(KafkaClients clients, ProduceLimits limits) {
        this.client = new LazyClient<>(() -> clients.producer(limits), Producer::close);
        this.limits = limits;
    }

    /**
     * Appends a record and tells its offset once all replicas have it. After a failure it may be
     * there or not, or come later.
     */
    public long append(ProducerRecord<byte[], byte[]> record) {
        Producer<byte[], byte[]> producer = client.get();
        long withinMs = limits.deliveryTimeout().plus(limits.maxBlock()).toMillis() + 1000;
        try {
            CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
            var _ =
                    producer.send(
                            record,
                            (metadata, failure) -> {
                                if (failure == null) {
                                    acknowledged.complete(metadata);
                                } else {
                                    acknowledged.completeExceptionally(failure);
                                }
                            });
            return acknowledged.get(withinMs, TimeUnit.MILLISECONDS).offset();
        } catch (ExecutionException e) {
            throw failed(producer, KafkaErrors.unwrap(e));
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("Not acknowledged within " + withinMs + " ms.");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            throw failed(producer, e);
        }
    }

    private KafkaException failed(Producer<byte[], byte[]> producer, Throwable reason) {
        if (!(reason instanceof RetriableException)) {
            client.discard(producer);
        }
        return reason instanceof KafkaException e ? e : new KafkaException(reason);
    }

    @Override
    public void close() {
        client.close();
    }
}
