package io.fleuve.simulator.kafka;

import io.fleuve.simulator.publish.Destination;
import io.fleuve.simulator.publish.ReadingPublisher;
import io.fleuve.simulator.publish.TopicTail;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A topic of readings on brokers that speak the Kafka protocol. */
public final class KafkaDestination implements Destination {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaDestination.class);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    private final ReadingTopic topic;
    private final Retries retries = new Retries();

    public KafkaDestination(ReadingTopic topic) {
        this.topic = topic;
    }

    @Override
    public ReadingPublisher publisher(ReadingPublisher.Outcomes outcomes) {
        return new KafkaPublisher(topic, outcomes, retries);
    }

    @Override
    public long retries() {
        return retries.sum();
    }

    @Override
    public TopicTail tail() {
        try {
            return new KafkaTail(topic, ANSWER_TIMEOUT);
        } catch (RetriableException e) {
            throw topic.unreachable(e);
        }
    }

    @Override
    public void createIfAbsent() {
        // Readings of the past are old on arrival: retention by time would delete them at once.
        NewTopic absent =
                new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                        .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
        try (Admin admin = admin()) {
            admin.createTopics(List.of(absent)).all().get();
            awaitLeaders(admin);
            LOGGER.atInfo()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("partitions", topic.partitions())
                    .log("topic created");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case TopicExistsException _ -> {
                    // Whoever came first made it.
                }
                case AuthorizationException _ -> {
                    // May not create topics: then it must be there, which reading it will show.
                }
                case RetriableException retriable -> throw topic.unreachable(retriable);
                case null, default ->
                        throw new IllegalStateException(
                                "cannot create topic '%s': %s"
                                        .formatted(topic.name(), e.getMessage()),
                                e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw topic.unreachable(e);
        }
    }

    // Only leaders answer this. A producer that is there before them has its first batch refused
    // and
    // later ones accepted, whose sequence numbers Apache Kafka then takes for the first.
    private void awaitLeaders(Admin admin) throws ExecutionException, InterruptedException {
        admin.listOffsets(
                        IntStream.range(0, topic.partitions())
                                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                                .collect(
                                        Collectors.toMap(
                                                Function.identity(), _ -> OffsetSpec.latest())))
                .all()
                .get();
    }

    private Admin admin() {
        try {
            return Admin.create(
                    topic.client(
                            "admin",
                            Map.of(
                                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                    (int) ANSWER_TIMEOUT.toMillis() / 2,
                                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                    (int) ANSWER_TIMEOUT.toMillis())));
        } catch (KafkaException e) {
            // A host that has no name yet may get one: in a cluster, names come and go with their
            // containers.
            if (e.getCause() instanceof ConfigException config
                    && String.valueOf(config.getMessage())
                            .contains("No resolvable bootstrap urls")) {
                throw topic.unreachable(config);
            }
            throw e;
        }
    }
}
