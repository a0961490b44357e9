package io.fleuve.broker.log;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Who waits for which logs to grow. */
final class HeadWatches {

    private final Map<Long, Set<Watch>> watchesByLog = new ConcurrentHashMap<>();

    HeadWatch watch(Collection<Long> logIds) {
        Watch watch = new Watch(List.copyOf(logIds));
        for (long logId : watch.logIds) {
            watchesByLog.compute(
                    logId,
                    (id, watches) -> {
                        Set<Watch> set = watches == null ? ConcurrentHashMap.newKeySet() : watches;
                        set.add(watch);
                        return set;
                    });
        }
        return watch;
    }

    /** Wakes those who wait for that log. */
    void grown(long logId) {
        Set<Watch> watches = watchesByLog.get(logId);
        if (watches != null) {
            watches.forEach(Watch::signal);
        }
    }

    /** The logs that somebody waits for. */
    List<Long> awaited() {
        return List.copyOf(watchesByLog.keySet());
    }

    private final class Watch implements HeadWatch {

        private final List<Long> logIds;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition grown = lock.newCondition();
        private boolean signalled;

        Watch(List<Long> logIds) {
            this.logIds = logIds;
        }

        void signal() {
            lock.lock();
            try {
                signalled = true;
                grown.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean await(long timeoutMs) throws InterruptedException {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            lock.lock();
            try {
                while (!signalled && left > 0) {
                    left = grown.awaitNanos(left);
                }
                boolean result = signalled;
                signalled = false;
                return result;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            for (long logId : logIds) {
                watchesByLog.computeIfPresent(
                        logId,
                        (id, watches) -> {
                            watches.remove(this);
                            return watches.isEmpty() ? null : watches;
                        });
            }
        }
    }
}
