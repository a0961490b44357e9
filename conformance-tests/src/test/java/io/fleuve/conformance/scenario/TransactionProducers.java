package io.fleuve.conformance.scenario;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Stock producers of transactions, and what becomes of what they do. */
final class TransactionProducers {

    private TransactionProducers() {}

    static KafkaProducer<byte[], byte[]> producer(
            Client client, String transactionalId, Map<String, Object> properties) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put("transactional.id", transactionalId);
        settings.putIfAbsent("max.block.ms", 20_000L);
        return client.producer(settings);
    }

    /** Sends one record to partition 0 and waits for its offset. */
    static String send(KafkaProducer<byte[], byte[]> producer, String topic, String value) {
        try {
            return "at "
                    + producer.send(new ProducerRecord<>(topic, 0, null, Client.bytes(value)))
                            .get()
                            .offset();
        } catch (ExecutionException | RuntimeException e) {
            // Whether the error comes by itself depends on when the sender learned of it.
            return rootOf(e).getClass().getSimpleName();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        }
    }

    private static Throwable rootOf(Throwable error) {
        Throwable cause = error.getCause();
        return cause == null ? error : rootOf(cause);
    }

    /** Something that a producer does. */
    @FunctionalInterface
    interface Step {

        void run();
    }

    static String outcome(Step step) {
        try {
            step.run();
            return "done";
        } catch (RuntimeException e) {
            return describe(e);
        }
    }

    /** Kinds of an error and of what brought it about. */
    static String describe(Throwable error) {
        StringBuilder kinds = new StringBuilder();
        @Nullable Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
        while (cause != null) {
            kinds.append(kinds.isEmpty() ? "" : " by ").append(cause.getClass().getSimpleName());
            cause = cause.getCause();
        }
        return kinds.toString();
    }
}
