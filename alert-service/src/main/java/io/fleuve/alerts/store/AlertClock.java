package io.fleuve.alerts.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Does what time brings: looks for silence, reminds and tells. Each instance has one; that they
 * claim rows and not times is what lets them share the work.
 */
public final class AlertClock implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(AlertClock.class);

    private final List<IntSupplier> duties;
    private final Duration pollInterval;
    private final Duration settle;
    private final Semaphore signal = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * @param duties in turn; each says how much it has done, and is asked again until that is none
     * @param pollInterval how often they are asked when nothing says that there is work
     * @param settle after being woken, how long to wait for what belongs together
     */
    public AlertClock(List<IntSupplier> duties, Duration pollInterval, Duration settle) {
        this.duties = List.copyOf(duties);
        this.pollInterval = pollInterval;
        this.settle = settle;
        this.thread = Thread.ofPlatform().name("alerts-clock").unstarted(this::run);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /** Says that there is work. */
    public void wake() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    @Override
    public void close() {
        stopped = true;
        signal.release();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                for (IntSupplier duty : duties) {
                    perform(duty);
                }
                if (signal.tryAcquire(pollInterval.toMillis(), TimeUnit.MILLISECONDS) && !stopped) {
                    signal.drainPermits();
                    TimeUnit.NANOSECONDS.sleep(settle.toNanos());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void perform(IntSupplier duty) {
        try {
            int done = duty.getAsInt();
            while (done > 0 && !stopped) {
                done = duty.getAsInt();
            }
        } catch (DataAccessException | TransactionException e) {
            LOGGER.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("what is due could not be done now and will be tried again");
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .setCause(e)
                    .log("what is due failed unexpectedly, will be tried again");
        }
    }
}
