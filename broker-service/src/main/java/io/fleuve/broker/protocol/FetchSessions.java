package io.fleuve.broker.protocol;

import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.jspecify.annotations.Nullable;

/**
 * Fetch sessions (KIP-227): a client with many partitions names them once, then only what has
 * changed, and is answered likewise.
 *
 * <p>What all sessions keep is bounded. A client for which there is no room gets no session, and
 * goes on naming everything; a session that nobody used for two minutes makes room for others. A
 * session lives on one broker and is lost with it: clients begin a new one.
 */
final class FetchSessions {

    private static final long MAX_IDLE_MS = 120_000;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;

    /** A fetch that names all partitions, and what is to be said of its answer. */
    interface Exchange {

        /** The request as if it had named everything. */
        FetchRequest request();

        /** Of the whole answer that which the client does not know yet. */
        FetchResponseData answer(FetchResponseData whole);
    }

    private final int maxPartitions;
    private final Clock clock;

    /** By id, the one that was used least recently first. */
    private final Map<Integer, FetchSession> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private int partitions;

    /**
     * @param maxPartitions the most partitions that all sessions keep, each session itself counted
     *     as one more; 0 for no sessions
     */
    FetchSessions(int maxPartitions, Clock clock) {
        this.maxPartitions = maxPartitions;
        this.clock = clock;
    }

    /** How many partitions all sessions keep, each session itself counted as one more. */
    synchronized int size() {
        return partitions;
    }

    /**
     * Finds or begins the session of a fetch.
     *
     * @throws FetchSessionIdNotFoundException if there is no such session (any more)
     * @throws InvalidFetchSessionEpochException if a request of the session is missing, or came
     *     twice
     * @throws FetchSessionTopicIdException if the session began with topics' ids and goes on
     *     without, or the other way round
     */
    synchronized Exchange open(FetchRequest request) {
        FetchMetadata wanted = request.metadata();
        if (!wanted.isFull()) {
            return proceed(request, wanted);
        }
        remove(sessions.get(wanted.sessionId()));
        if (wanted.epoch() != FetchMetadata.INITIAL_EPOCH) {
            return new WithoutSession(request);
        }
        FetchSession session =
                new FetchSession(newId(), request.version() >= FIRST_VERSION_WITH_TOPIC_IDS);
        session.update(request);
        if (!makeRoom(session.size())) {
            return new WithoutSession(request);
        }
        sessions.put(session.id(), session);
        partitions += session.size();
        session.usedAt(clock.millis());
        return session.begin(request);
    }

    private Exchange proceed(FetchRequest request, FetchMetadata wanted) {
        FetchSession session = sessions.get(wanted.sessionId());
        if (session == null) {
            throw new FetchSessionIdNotFoundException(
                    "there is no fetch session " + wanted.sessionId());
        }
        if (session.usesTopicIds() != request.version() >= FIRST_VERSION_WITH_TOPIC_IDS) {
            throw new FetchSessionTopicIdException(
                    "a fetch session names topics either by id or by name, from its beginning on");
        }
        if (session.nextEpoch() != wanted.epoch()) {
            throw new InvalidFetchSessionEpochException(
                    "the fetch session is at epoch %d, not %d"
                            .formatted(session.nextEpoch(), wanted.epoch()));
        }
        int before = session.size();
        session.update(request);
        partitions += session.size() - before;
        if (partitions > maxPartitions) {
            // It has outgrown the room that there is: the client goes on without.
            remove(session);
            throw new FetchSessionIdNotFoundException(
                    "the fetch session has become too large to be kept");
        }
        session.usedAt(clock.millis());
        return session.proceed(request);
    }

    private int newId() {
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        return id;
    }

    private boolean makeRoom(int size) {
        long oldest = clock.millis() - MAX_IDLE_MS;
        Iterator<FetchSession> idle = sessions.values().iterator();
        while (partitions + size > maxPartitions && idle.hasNext()) {
            FetchSession session = idle.next();
            if (session.lastUseMs() > oldest) {
                return false;
            }
            idle.remove();
            partitions -= session.size();
        }
        return partitions + size <= maxPartitions;
    }

    private void remove(@Nullable FetchSession session) {
        if (session != null) {
            sessions.remove(session.id());
            partitions -= session.size();
        }
    }

    /** A fetch that stands alone. */
    private record WithoutSession(FetchRequest request) implements Exchange {

        @Override
        public FetchResponseData answer(FetchResponseData whole) {
            return whole.setSessionId(FetchMetadata.INVALID_SESSION_ID);
        }
    }
}
