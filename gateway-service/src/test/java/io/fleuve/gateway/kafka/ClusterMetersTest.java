package io.fleuve.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.kafka.ClusterSurvey.Group;
import io.fleuve.gateway.kafka.ClusterSurvey.Result;
import io.fleuve.gateway.kafka.ClusterSurvey.TopicState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Supplier<Result> next = () -> result(List.of(), List.of());
    private final ClusterMeters meters =
            new ClusterMeters(() -> next.get(), Duration.ZERO, registry);

    @Test
    void tellsHowFarGroupsAreBehindAndWhatTopicsHold() {
        next = () -> result(List.of(group("a", 3), group("b", 0)), List.of(topic("t", 7L, null)));
        meters.look();
        assertThat(values("fleuve.gateway.group.lag")).isEqualTo(Map.of("a", 3.0, "b", 0.0));
        assertThat(values("fleuve.gateway.topic.held")).isEqualTo(Map.of("t", 7.0));
        assertThat(values("fleuve.gateway.topic.size")).isEmpty();
    }

    @Test
    void tellsNothingOfWhatIsGoneOrCouldNotBeAsked() {
        next = () -> result(List.of(group("a", 3), group("b", 5)), List.of(topic("t", 7L, 70L)));
        meters.look();
        next = () -> result(List.of(group("b", 4)), List.of());
        meters.look();
        assertThat(values("fleuve.gateway.group.lag")).isEqualTo(Map.of("b", 4.0));
        assertThat(values("fleuve.gateway.topic.size")).isEmpty();
        next =
                () -> {
                    throw new TimeoutException("the brokers are away");
                };
        meters.look();
        assertThat(values("fleuve.gateway.group.lag")).isEmpty();
    }

    private Map<String, Double> values(String name) {
        return registry.find(name).gauges().stream()
                .collect(
                        Collectors.toMap(
                                g -> g.getId().getTags().getFirst().getValue(),
                                Gauge::value,
                                (one, _) -> one,
                                TreeMap::new));
    }

    private static Result result(List<Group> groups, List<TopicState> topics) {
        return new Result("c", 1, List.of(), topics, groups, Duration.ofMillis(2));
    }

    private static Group group(String id, long lag) {
        return new Group(id, "STABLE", "CLASSIC", 1, List.of("t"), lag);
    }

    private static TopicState topic(String name, @Nullable Long messages, @Nullable Long bytes) {
        return new TopicState(name, 1, 1, messages, Map.of(), bytes);
    }
}
