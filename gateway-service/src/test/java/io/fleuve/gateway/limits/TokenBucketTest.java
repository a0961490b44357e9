package io.fleuve.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fleuve.gateway.limits.TokenBucket.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong(-5 * SECOND);
    private final TokenBucket bucket = new TokenBucket(2, 4, now.get());

    private Decision take() {
        return bucket.take(now.get());
    }

    @Test
    void allowsABurstThenRefusesAndSaysWhenToComeBack() {
        assertThat(take()).isEqualTo(new Decision(true, 3, 0, 1));
        assertThat(take()).isEqualTo(new Decision(true, 2, 0, 1));
        assertThat(take()).isEqualTo(new Decision(true, 1, 0, 2));
        assertThat(take()).isEqualTo(new Decision(true, 0, 1, 2));
        assertThat(take()).isEqualTo(new Decision(false, 0, 1, 2));
        now.addAndGet(SECOND / 2 - 1);
        assertThat(take().allowed()).isFalse();
        now.addAndGet(1);
        assertThat(take().allowed()).isTrue();
        assertThat(take().allowed()).isFalse();
    }

    @Test
    void neverHoldsMoreThanItsCapacity() {
        now.addAndGet(1000 * SECOND);
        assertThat(take().remaining()).isEqualTo(3);
    }

    @Test
    void aClockThatGoesBackTakesNothingAway() {
        take();
        now.addAndGet(-SECOND);
        assertThat(take().remaining()).isEqualTo(2);
    }

    @Test
    void inTheLongRunAllowsItsRateWhateverTheRhythm() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long start = now.get();
        int allowed = 0;
        for (int i = 0; i < 20_000; i++) {
            now.addAndGet(random.nextLong(SECOND / 5));
            allowed += take().allowed() ? 1 : 0;
        }
        double expected = 4 + 2.0 * (now.get() - start) / SECOND;
        assertThat((double) allowed)
                .as("seed " + seed)
                .isBetween(expected * 0.99 - 5, expected + 1);
    }

    private RateLimiter limiter(int maxClients) {
        return new RateLimiter(
                new RateLimits(1, 1, null, maxClients, Set.of("/actuator")), now::get);
    }

    @Test
    void clientsHaveBucketsOfTheirOwn() {
        RateLimiter limiter = limiter(10);
        assertThat(limiter.take("a").allowed()).isTrue();
        assertThat(limiter.take("a").allowed()).isFalse();
        assertThat(limiter.take("b").allowed()).isTrue();
    }

    @Test
    void forgetsTheClientThatWasSeenLongestAgo() {
        RateLimiter limiter = limiter(2);
        limiter.take("a");
        limiter.take("b");
        limiter.take("a");
        limiter.take("c");
        assertThat(limiter.take("a").allowed()).isFalse();
        assertThat(limiter.take("b").allowed()).isTrue();
    }

    @Test
    void settingsNameTheKeyAndTheValueAtFault() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimits(-1, 1, null, 1, Set.of()))
                .withMessage(
                        "fleuve.gateway.rate-limit.requests-per-second must be 0, or from 0.001 to 1000000, but is -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimits(1, 0, null, 1, Set.of()))
                .withMessageContaining("burst");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimits(1, 1, null, 1, Set.of("actuator")))
                .withMessageContaining("exempt");
        for (String origin :
                List.of(
                        "example.org",
                        "https://example.org/",
                        "https://a@example.org",
                        "https://")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new CorsSettings(List.of(origin), Duration.ofHours(1)))
                    .withMessageContaining("allowed-origins")
                    .withMessageContaining(origin);
        }
        assertThat(new CorsSettings(List.of("http://localhost:3000"), Duration.ZERO).enabled())
                .isTrue();
    }
}
