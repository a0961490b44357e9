package io.fleuve.gateway.consumers;

import io.fleuve.gateway.consumers.InstanceDescription.Owner;
import io.fleuve.gateway.format.EmbeddedFormat;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Descriptions as JSON. Members that a later version adds are left unread. */
final class DescriptionCodec {

    private static final JsonMapper MAPPER = new JsonMapper();

    private DescriptionCodec() {}

    /** One of {@code topics}, {@code pattern} and {@code partitions} at most is not null. */
    private record Stored(
            String uid,
            int generation,
            @Nullable Owner owner,
            EmbeddedFormat format,
            Dialect dialect,
            @Nullable String autoOffsetReset,
            boolean autoCommit,
            @Nullable Integer fetchMinBytes,
            @Nullable Integer requestTimeoutMs,
            @Nullable String isolationLevel,
            @Nullable List<String> topics,
            @Nullable String pattern,
            @Nullable List<StoredPartition> partitions) {}

    private record StoredPartition(String topic, int partition) {}

    static byte[] encode(InstanceDescription description) {
        InstanceConfig config = description.config();
        List<String> topics = null;
        String pattern = null;
        List<StoredPartition> partitions = null;
        switch (description.interest()) {
            case Interest.None() -> {}
            case Interest.Topics(List<String> names) -> topics = names;
            case Interest.Matching(String regex) -> pattern = regex;
            case Interest.Partitions(List<TopicPartition> assigned) ->
                    partitions =
                            assigned.stream()
                                    .map(p -> new StoredPartition(p.topic(), p.partition()))
                                    .toList();
        }
        return MAPPER.writeValueAsBytes(
                new Stored(
                        description.uid(),
                        description.generation(),
                        description.owner(),
                        config.format(),
                        config.dialect(),
                        config.autoOffsetReset(),
                        config.autoCommit(),
                        config.fetchMinBytes(),
                        config.requestTimeoutMs(),
                        config.isolationLevel(),
                        topics,
                        pattern,
                        partitions));
    }

    /** Empty for bytes that are no description: somebody else wrote to the topic. */
    @SuppressWarnings({"ConstantValue", "NullableDereference"}) // What was read may lack anything.
    static Optional<InstanceDescription> decode(InstanceId id, byte[] json) {
        Stored stored;
        try {
            stored = MAPPER.readValue(json, Stored.class);
        } catch (JacksonException e) {
            return Optional.empty();
        }
        if (stored == null
                || stored.uid() == null
                || stored.format() == null
                || stored.dialect() == null) {
            return Optional.empty();
        }
        InstanceConfig config =
                new InstanceConfig(
                        stored.format(),
                        stored.dialect(),
                        stored.autoOffsetReset(),
                        stored.autoCommit(),
                        stored.fetchMinBytes(),
                        stored.requestTimeoutMs(),
                        stored.isolationLevel());
        return Optional.of(
                new InstanceDescription(
                        id,
                        stored.uid(),
                        stored.generation(),
                        stored.owner(),
                        config,
                        interestOf(stored)));
    }

    private static Interest interestOf(Stored stored) {
        if (stored.topics() != null) {
            return new Interest.Topics(stored.topics());
        }
        if (stored.pattern() != null) {
            return new Interest.Matching(stored.pattern());
        }
        if (stored.partitions() != null) {
            return new Interest.Partitions(
                    stored.partitions().stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .toList());
        }
        return new Interest.None();
    }
}
