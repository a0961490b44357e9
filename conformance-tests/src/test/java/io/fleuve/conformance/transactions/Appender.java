package io.fleuve.conformance.transactions;

import io.fleuve.conformance.faults.Progress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;

/** A transactional id, the clients that have it one after the other, and their transactions. */
final class Appender implements Runnable {

    private static final int MAX_VALUES = 10;

    private record Zombie(
            KafkaProducer<byte[], byte[]> producer, Transaction transaction, int rounds) {}

    private final Owner owner;
    private final History history;
    private final SplittableRandom random;
    private final Progress progress;
    private final int lane;
    private final int pauseMs;
    private final Deque<Zombie> zombies = new ArrayDeque<>();
    private final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
    private volatile boolean stopping;

    /**
     * @param lane its number in the progress
     * @param pauseMs the longest pause between two transactions
     */
    Appender(
            Owner owner,
            History history,
            SplittableRandom random,
            Progress progress,
            int lane,
            int pauseMs) {
        this.owner = owner;
        this.history = history;
        this.random = random;
        this.progress = progress;
        this.lane = lane;
        this.pauseMs = pauseMs;
    }

    void stop() {
        stopping = true;
    }

    /** How many were to go which way; to be asked for after the end. */
    Map<Fate, Integer> fates() {
        return fates;
    }

    @Override
    public void run() {
        try {
            KafkaProducer<byte[], byte[]> producer = owner.succeed();
            while (!stopping) {
                if (!transact(producer)) {
                    producer.close(Duration.ZERO);
                    producer = owner.succeed();
                }
                zombies(false);
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(pauseMs)).toNanos());
            }
            producer.close(Duration.ZERO);
            // Whatever was left open is ended, and whoever is left is fenced.
            owner.succeed().close();
            zombies(true);
        } catch (KafkaException | IllegalStateException e) {
            history.violations().add(owner.transactionalId() + ": " + e);
        }
    }

    /** One transaction; whether the producer can go on. */
    private boolean transact(KafkaProducer<byte[], byte[]> producer) {
        Fate fate = Fate.of(random);
        fates.merge(fate, 1, Integer::sum);
        Transaction transaction = history.begin(-1);
        transaction.end(Outcome.NEVER_COMMITTED);
        try {
            long until = owner.certainlyOpenUntil();
            producer.beginTransaction();
            append(producer, transaction, until);
            return end(fate, producer, transaction, until);
        } catch (KafkaException | IllegalStateException e) {
            history.error(e);
            owner.settleDead(transaction);
            return owner.abort(producer, transaction, Outcome.NEVER_COMMITTED);
        }
    }

    private void append(
            KafkaProducer<byte[], byte[]> producer, Transaction transaction, long until) {
        int values = random.nextInt(MAX_VALUES);
        for (int i = 0; i < values; i++) {
            long value = transaction.append(random.nextInt(Topics.APPENDED));
            owner.send(producer, transaction, value, until);
            if (random.nextInt(6) == 0) {
                LockSupport.parkNanos(random.nextLong(20_000_000));
            }
        }
    }

    private boolean end(
            Fate fate,
            KafkaProducer<byte[], byte[]> producer,
            Transaction transaction,
            long until) {
        return switch (fate) {
            case COMMIT -> {
                owner.settle(producer, transaction);
                boolean goesOn = owner.commit(producer, transaction);
                if (transaction.outcome() == Outcome.COMMITTED) {
                    progress.acknowledged(lane);
                }
                yield goesOn;
            }
            case ABORT -> {
                owner.settle(producer, transaction);
                yield owner.abort(producer, transaction, Outcome.NEVER_COMMITTED);
            }
            case DIE -> {
                // Not all of it need have been sent; the successor ends it.
                producer.close(Duration.ZERO);
                owner.settleDead(transaction);
                yield false;
            }
            case DIE_IN_COMMIT -> {
                owner.settle(producer, transaction);
                transaction.end(Outcome.UNKNOWN);
                owner.dieInCommit(producer, transaction, random);
                yield false;
            }
            case ZOMBIE -> {
                owner.settle(producer, transaction);
                KafkaProducer<byte[], byte[]> successor = owner.succeed();
                zombies.add(new Zombie(producer, transaction, 1 + random.nextInt(5)));
                // A transaction of the successor's, before it is handed on by way of its death.
                boolean goesOn = transact(successor);
                successor.close(goesOn ? Duration.ofSeconds(30) : Duration.ZERO);
                yield false;
            }
            case HANG -> {
                owner.settle(producer, transaction);
                hang();
                // Refused unless the broker has let it be: then it may be committed after all.
                if (transaction.size() > 0) {
                    owner.send(producer, transaction, transaction.append(0), until);
                    producer.flush();
                }
                yield owner.commit(producer, transaction);
            }
        };
    }

    private void hang() {
        long end = System.nanoTime() + Duration.ofMillis(owner.timeoutMs() + 1_500L).toNanos();
        while (!stopping && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            progress.acknowledged(lane);
        }
    }

    private void zombies(boolean all) {
        int waiting = zombies.size();
        for (int i = 0; i < waiting; i++) {
            Zombie zombie = zombies.removeFirst();
            if (all || zombie.rounds() == 0) {
                owner.comeBack(zombie.producer(), zombie.transaction());
            } else {
                zombies.addLast(
                        new Zombie(zombie.producer(), zombie.transaction(), zombie.rounds() - 1));
            }
        }
    }
}
