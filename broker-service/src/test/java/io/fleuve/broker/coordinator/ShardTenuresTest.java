package io.fleuve.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader.LoadSummary;
import org.junit.jupiter.api.Test;

class ShardTenuresTest {

    private static final Tenure FIRST = new Tenure(3, 30, 1);
    private static final Tenure SECOND = new Tenure(3, 30, 2);
    private static final LoadSummary SUMMARY = new LoadSummary(0, 0, 0, 0, 0);

    private final ShardTenures tenures = new ShardTenures();

    @Test
    void isWritableOnceLoaded() {
        tenures.elect(FIRST);
        assertThat(tenures.writable(3)).isEmpty();
        ShardLoad load = tenures.beginLoad(3).orElseThrow();
        assertThat(tenures.writable(3)).isEmpty();

        load.complete(SUMMARY);

        assertThat(tenures.writable(3)).contains(FIRST);
        assertThat(tenures.writable(4)).isEmpty();
    }

    @Test
    void isNotWritableAfterAFailedLoad() {
        tenures.elect(FIRST);
        tenures.beginLoad(3).orElseThrow().fail(new IllegalStateException());

        assertThat(tenures.writable(3)).isEmpty();
    }

    @Test
    void oldStateMachineCannotWriteInANewTenure() {
        tenures.elect(FIRST);
        tenures.beginLoad(3).orElseThrow().complete(SUMMARY);

        tenures.elect(SECOND);

        assertThat(tenures.writable(3)).isEmpty();
        assertThat(tenures.current(3)).contains(SECOND);
    }

    @Test
    void loadThatWasOvertakenNeverCompletes() {
        tenures.elect(FIRST);
        ShardLoad load = tenures.beginLoad(3).orElseThrow();

        assertThat(tenures.end(FIRST)).isTrue();
        load.complete(SUMMARY);
        load.fail(new IllegalStateException());

        assertThat(load.isCancelled()).isTrue();
        assertThat(load.future()).isNotDone();
        assertThat(tenures.writable(3)).isEmpty();
    }

    @Test
    void onlyTheLastOfSeveralElectionsLoads() {
        tenures.elect(FIRST);
        tenures.elect(SECOND);

        assertThat(tenures.beginLoad(3)).isEmpty();
        assertThat(tenures.beginLoad(3))
                .hasValueSatisfying(load -> assertThat(load.tenure()).isEqualTo(SECOND));
    }

    @Test
    void doesNotLoadWhatIsNoLongerOwned() {
        tenures.elect(FIRST);
        tenures.end(FIRST);

        assertThat(tenures.beginLoad(3)).isEmpty();
        assertThat(tenures.beginLoad(4)).isEmpty();
    }

    @Test
    void aTenureEndsOnce() {
        tenures.elect(FIRST);
        tenures.elect(SECOND);

        assertThat(tenures.end(FIRST)).isFalse();
        assertThat(tenures.end(SECOND)).isTrue();
        assertThat(tenures.end(SECOND)).isFalse();
        assertThat(tenures.all()).isEmpty();
    }
}
