package io.fleuve.gateway.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What whoever coordinates by transactions asks of the cluster. Each call blocks for no longer than
 * the admin timeout and throws Kafka's own exceptions.
 */
public final class TransactionAdmin implements AutoCloseable {

    private final LazyClient<Admin> client;
    private final long timeoutMs;

    public TransactionAdmin(KafkaClients clients, KafkaSettings settings) {
        this.client = new LazyClient<>(clients::admin, Admin::close);
        this.timeoutMs = settings.adminTimeout().toMillis();
    }

    /**
     * Makes sure that whoever uses {@code transactionalId} commits nothing any more. When this
     * returns, a transaction that was open is aborted and one that was being committed is
     * committed, in all its partitions (InitProducerId answers no sooner).
     */
    public void fence(String transactionalId) {
        await(client.get().fenceProducers(List.of(transactionalId)).all());
    }

    /** The offset after the last record, whether it can be read or is of an open transaction. */
    public long end(TopicPartition partition) {
        return end(partition, IsolationLevel.READ_UNCOMMITTED);
    }

    /** The offset before which no transaction is open. */
    public long stableEnd(TopicPartition partition) {
        return end(partition, IsolationLevel.READ_COMMITTED);
    }

    private long end(TopicPartition partition, IsolationLevel isolation) {
        return await(
                        client.get()
                                .listOffsets(
                                        Map.of(partition, OffsetSpec.latest()),
                                        new ListOffsetsOptions(isolation))
                                .partitionResult(partition))
                .offset();
    }

    /** How many partitions each topic has, which are created if they do not exist. */
    public int ensureTopic(NewTopic topic) {
        try {
            return partitionsOf(topic.name());
        } catch (UnknownTopicOrPartitionException missing) {
            create(topic);
            return awaitTopic(topic.name());
        }
    }

    /** Gives a topic that exists as many partitions, and the configuration that is wanted. */
    public void adopt(NewTopic topic, int partitions) {
        await(
                client.get()
                        .createPartitions(
                                Map.of(topic.name(), NewPartitions.increaseTo(partitions)))
                        .all());
        List<AlterConfigOp> changes =
                topic.configs().entrySet().stream()
                        .map(each -> new ConfigEntry(each.getKey(), each.getValue()))
                        .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                        .toList();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        await(client.get().incrementalAlterConfigs(Map.of(resource, changes)).all());
    }

    private void create(NewTopic topic) {
        try {
            await(client.get().createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            // Another gateway was faster.
        }
    }

    private int awaitTopic(String name) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (true) {
            try {
                return partitionsOf(name);
            } catch (UnknownTopicOrPartitionException e) {
                // Created, but not known to every broker yet.
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private int partitionsOf(String name) {
        Collection<String> names = List.of(name);
        KafkaFuture<TopicDescription> future =
                client.get().describeTopics(names).topicNameValues().get(name);
        return await(Objects.requireNonNull(future)).partitions().size();
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a Kafka client failed in an unknown way", e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("The brokers did not answer within " + timeoutMs + " ms.");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
