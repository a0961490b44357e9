package io.fleuve.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CutLogTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);
    private final CutLog log = new CutLog(now::get);

    @Test
    void admitsSoManyLinesASecondAndTellsHowManyWereLeftOut() {
        for (int i = 0; i < CutLog.LINES_A_SECOND; i++) {
            assertThat(log.admit()).isZero();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(log.admit()).isNegative();
        }

        now.addAndGet(TimeUnit.SECONDS.toNanos(1));

        assertThat(log.admit()).isEqualTo(3);
        assertThat(log.admit()).isZero();
    }
}
