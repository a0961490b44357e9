package io.fleuve.broker.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests of one connection that are not answered yet, in order.
 *
 * <p>The reader adds, the writer takes from the front whatever is answered. An exchange stays in
 * the queue until its answer is sent: an empty queue means that nobody is writing.
 */
final class ExchangeQueue {

    private final int capacity;
    private final long maxUnsentBytes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition headAnswered = lock.newCondition();
    private final Condition roomMade = lock.newCondition();
    private final Deque<Exchange> exchanges = new ArrayDeque<>();
    private long unsentBytes;
    private boolean ended;
    private boolean aborted;

    ExchangeQueue(int capacity, long maxUnsentBytes) {
        this.capacity = capacity;
        this.maxUnsentBytes = maxUnsentBytes;
    }

    /**
     * Waits until another request may be read.
     *
     * @return false if the queue was aborted
     */
    boolean awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            while (!aborted && (exchanges.size() >= capacity || unsentBytes > maxUnsentBytes)) {
                roomMade.await();
            }
            return !aborted;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        return size() == 0;
    }

    int size() {
        lock.lock();
        try {
            return exchanges.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds an exchange; the writer hears of it when it is answered and its turn has come. Ends it
     * if the queue was aborted.
     */
    void add(Exchange exchange) {
        boolean late;
        lock.lock();
        try {
            late = aborted;
            if (!late) {
                exchanges.addLast(exchange);
            }
        } finally {
            lock.unlock();
        }
        if (late) {
            exchange.end();
            return;
        }
        var _ = exchange.answer().whenComplete((_, _) -> answered(exchange));
    }

    private void answered(Exchange exchange) {
        long bytes = exchange.retainedBytes();
        lock.lock();
        try {
            unsentBytes += bytes;
            if (exchanges.peekFirst() == exchange) {
                headAnswered.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the first exchange is answered.
     *
     * @return it and those behind it that are answered, at most {@code max}; they stay in the
     *     queue. None when the queue has ended.
     */
    List<Exchange> awaitAnswered(int max) throws InterruptedException {
        lock.lock();
        try {
            while (!aborted) {
                Exchange head = exchanges.peekFirst();
                if (head == null && ended) {
                    return List.of();
                }
                if (head != null && head.isAnswered()) {
                    return answeredFromHead(max);
                }
                headAnswered.await();
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private List<Exchange> answeredFromHead(int max) {
        List<Exchange> answered = new ArrayList<>(4);
        Iterator<Exchange> next = exchanges.iterator();
        while (answered.size() < max && next.hasNext()) {
            Exchange exchange = next.next();
            if (!exchange.isAnswered()) {
                break;
            }
            answered.add(exchange);
        }
        return answered;
    }

    /** Removes exchanges from the front whose answers were sent, and ends them. */
    void removeSent(List<Exchange> sent) {
        long bytes = 0;
        for (Exchange exchange : sent) {
            bytes += exchange.retainedBytes();
        }
        lock.lock();
        try {
            for (int i = 0; i < sent.size(); i++) {
                exchanges.removeFirst();
            }
            unsentBytes -= bytes;
            roomMade.signal();
        } finally {
            lock.unlock();
        }
        sent.forEach(Exchange::end);
    }

    /** Nothing will be added any more; what is in flight is still answered. */
    void end() {
        lock.lock();
        try {
            ended = true;
            headAnswered.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing will be added or sent any more: ends whatever is in the queue. */
    void abort() {
        List<Exchange> left;
        lock.lock();
        try {
            aborted = true;
            headAnswered.signal();
            roomMade.signal();
            left = List.copyOf(exchanges);
        } finally {
            lock.unlock();
        }
        left.forEach(Exchange::end);
    }
}
