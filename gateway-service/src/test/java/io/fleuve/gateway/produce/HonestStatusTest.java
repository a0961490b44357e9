package io.fleuve.gateway.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.BrokerReachability.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HonestStatusTest {

    private static final RestException RETRIABLE =
            new RestException(new RestError(500, RestError.KAFKA_RETRIABLE, "Expired."));

    private final HonestStatus reachable =
            new HonestStatus(() -> new Outcome.Reachable("cluster", 1));
    private final HonestStatus unreachable = new HonestStatus(() -> new Outcome.Unreachable("no"));

    @Test
    void callsItATimeOutWhenBrokersCanBeReached() {
        RestException failure = reachable.of(RETRIABLE);
        assertThat(failure.error()).isEqualTo(new RestError(504, HonestStatus.TIMEOUT, "Expired."));
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void saysThatBrokersAreAway() {
        RestException failure = unreachable.of(RETRIABLE);
        assertThat(failure.error())
                .isEqualTo(new RestError(503, 50302, "No broker can be reached: no"));
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void leavesEveryOtherFailureAsItIs() {
        RestException failure = new RestException(RestError.topicNotFound());
        assertThat(unreachable.of(failure)).isSameAs(failure);
    }
}
