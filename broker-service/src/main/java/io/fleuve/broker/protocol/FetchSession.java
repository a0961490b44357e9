package io.fleuve.broker.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * One client's fetches from one broker: what it asks for, and what it was told of it.
 *
 * <p>{@link FetchSessions} calls what changes the request under its lock; answers are made later,
 * on other threads.
 */
final class FetchSession {

    private static final int UNTOLD = -1;

    /** A partition as the client names it: by the topic's name or by its id. */
    private record Key(String topic, Uuid topicId, int partition) {}

    /** What is asked of a partition, and what the client knows. */
    private static final class Known {

        private FetchPartition asked;
        private long highWatermark = UNTOLD;
        private long lastStableOffset = UNTOLD;
        private long logStartOffset = UNTOLD;

        Known(FetchPartition asked) {
            this.asked = asked;
        }

        /** Takes over what will be told, and returns whether any of it is news. */
        boolean update(PartitionData answer) {
            boolean news =
                    FetchResponse.recordsSize(answer) > 0
                            || answer.errorCode() != Errors.NONE.code()
                            || highWatermark != answer.highWatermark()
                            || lastStableOffset != answer.lastStableOffset()
                            || logStartOffset != answer.logStartOffset()
                            || FetchResponse.isDivergingEpoch(answer)
                            || FetchResponse.isPreferredReplica(answer);
            boolean failed = answer.errorCode() != Errors.NONE.code();
            // The end of an error is news.
            highWatermark = failed ? UNTOLD : answer.highWatermark();
            lastStableOffset = failed ? UNTOLD : answer.lastStableOffset();
            logStartOffset = failed ? UNTOLD : answer.logStartOffset();
            return news;
        }
    }

    private final int id;
    private final boolean usesTopicIds;
    private final Map<Key, Known> partitions = new LinkedHashMap<>();
    private int nextEpoch = FetchMetadata.INITIAL_EPOCH;
    private long lastUseMs;

    FetchSession(int id, boolean usesTopicIds) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
    }

    int id() {
        return id;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    /** The epoch that the client's next request must have. */
    int nextEpoch() {
        return nextEpoch;
    }

    long lastUseMs() {
        return lastUseMs;
    }

    void usedAt(long nowMs) {
        lastUseMs = nowMs;
    }

    /** What the session takes of the room for all sessions. */
    synchronized int size() {
        return 1 + partitions.size();
    }

    /** Takes over what a request adds, changes and forgets. */
    synchronized void update(FetchRequest request) {
        for (FetchTopic topic : request.data().topics()) {
            for (FetchPartition asked : topic.partitions()) {
                Key key = new Key(topic.topic(), topic.topicId(), asked.partition());
                Known known = partitions.get(key);
                if (known == null) {
                    partitions.put(key, new Known(asked));
                } else {
                    known.asked = asked;
                }
            }
        }
        for (ForgottenTopic topic : request.data().forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                partitions.remove(new Key(topic.topic(), topic.topicId(), partition));
            }
        }
        nextEpoch = FetchMetadata.nextEpoch(nextEpoch);
    }

    /** The first fetch of the session: all is asked for, and all is told. */
    FetchSessions.Exchange begin(FetchRequest request) {
        return new Step(request, true);
    }

    /** A later fetch. */
    FetchSessions.Exchange proceed(FetchRequest request) {
        FetchRequestData whole = request.data().duplicate().setTopics(topics());
        return new Step(new FetchRequest(whole, request.version()), false);
    }

    private synchronized List<FetchTopic> topics() {
        Map<Key, FetchTopic> topics = new LinkedHashMap<>();
        partitions.forEach(
                (key, known) ->
                        topics.computeIfAbsent(
                                        new Key(key.topic(), key.topicId(), 0),
                                        FetchSession::topicOf)
                                .partitions()
                                .add(known.asked));
        return new ArrayList<>(topics.values());
    }

    private static FetchTopic topicOf(Key key) {
        return new FetchTopic().setTopic(key.topic()).setTopicId(key.topicId());
    }

    private synchronized FetchResponseData news(FetchResponseData whole, boolean first) {
        for (FetchableTopicResponse topic : whole.responses()) {
            topic.partitions()
                    .removeIf(
                            answer -> {
                                Known known =
                                        partitions.get(
                                                new Key(
                                                        topic.topic(),
                                                        topic.topicId(),
                                                        answer.partitionIndex()));
                                boolean news = known == null || known.update(answer);
                                return !news && !first;
                            });
        }
        whole.responses().removeIf(topic -> topic.partitions().isEmpty());
        return whole.setSessionId(id);
    }

    private final class Step implements FetchSessions.Exchange {

        private final FetchRequest request;
        private final boolean first;

        Step(FetchRequest request, boolean first) {
            this.request = request;
            this.first = first;
        }

        @Override
        public FetchRequest request() {
            return request;
        }

        @Override
        public FetchResponseData answer(FetchResponseData whole) {
            return news(whole, first);
        }
    }
}
