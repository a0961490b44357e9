package io.fleuve.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {

    private static final short VERSION = 12;
    private static final int ROOM = 10;

    private final SettableClock clock = new SettableClock();
    private final FetchSessions sessions = new FetchSessions(ROOM, clock);

    @Test
    void aFetchThatWantsNoSessionGetsNone() {
        var exchange = sessions.open(request(0, -1, 0, 1));
        assertThat(exchange.answer(whole(exchange, 5)).sessionId()).isZero();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void theFirstAnswerTellsAllAndLaterOnesWhatIsNew() {
        var first = sessions.open(request(0, 0, 0, 1, 2));
        FetchResponseData told = first.answer(whole(first, 5));
        int id = told.sessionId();
        assertThat(id).isPositive();
        assertThat(partitions(told)).containsExactly(0, 1, 2);

        var second = sessions.open(request(id, 1));
        assertThat(asked(second)).containsExactly(0, 1, 2);
        assertThat(partitions(second.answer(whole(second, 5)))).isEmpty();

        var third = sessions.open(request(id, 2));
        FetchResponseData whole = whole(third, 5);
        whole.responses().getFirst().partitions().get(1).setHighWatermark(6);
        FetchResponseData news = third.answer(whole);
        assertThat(partitions(news)).containsExactly(1);
        assertThat(news.sessionId()).isEqualTo(id);
    }

    @Test
    void anErrorIsToldEachTimeAndSoIsItsEnd() {
        var first = sessions.open(request(0, 0, 0));
        int id = first.answer(whole(first, 5)).sessionId();
        for (int epoch = 1; epoch <= 2; epoch++) {
            var failing = sessions.open(request(id, epoch));
            FetchResponseData whole = whole(failing, 5);
            whole.responses()
                    .getFirst()
                    .partitions()
                    .getFirst()
                    .setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
            assertThat(partitions(failing.answer(whole))).containsExactly(0);
        }
        var recovered = sessions.open(request(id, 3));
        assertThat(partitions(recovered.answer(whole(recovered, 5)))).containsExactly(0);
    }

    @Test
    void aRequestAddsChangesAndForgets() {
        var first = sessions.open(request(0, 0, 0, 1));
        int id = first.answer(whole(first, 5)).sessionId();
        FetchRequestData changing = data(id, 1, 1, 2);
        changing.topics().getFirst().partitions().getFirst().setFetchOffset(99);
        changing.setForgottenTopicsData(
                List.of(new ForgottenTopic().setTopic("topic").setPartitions(List.of(0))));
        var second = sessions.open(new FetchRequest(changing, VERSION));
        assertThat(asked(second)).containsExactly(1, 2);
        assertThat(
                        second.request()
                                .data()
                                .topics()
                                .getFirst()
                                .partitions()
                                .getFirst()
                                .fetchOffset())
                .isEqualTo(99);
        assertThat(partitions(second.answer(whole(second, 5)))).containsExactly(2);
        assertThat(sessions.size()).isEqualTo(3);
    }

    @Test
    void refusesWhatDoesNotFollow() {
        var first = sessions.open(request(0, 0, 0));
        int id = first.answer(whole(first, 5)).sessionId();
        assertThatThrownBy(() -> sessions.open(request(id, 2)))
                .isInstanceOf(InvalidFetchSessionEpochException.class);
        assertThatThrownBy(() -> sessions.open(request(id + 1, 1)))
                .isInstanceOf(FetchSessionIdNotFoundException.class);
        FetchRequestData byId = new FetchRequestData().setSessionId(id).setSessionEpoch(1);
        assertThatThrownBy(() -> sessions.open(new FetchRequest(byId, (short) 13)))
                .isInstanceOf(FetchSessionTopicIdException.class);
        sessions.open(request(id, 1));
    }

    @Test
    void tellsTopicsApartByTheirIds() {
        Uuid one = Uuid.randomUuid();
        Uuid other = Uuid.randomUuid();
        FetchRequestData data = new FetchRequestData().setSessionEpoch(0);
        for (Uuid id : List.of(one, other)) {
            FetchTopic topic = new FetchTopic().setTopicId(id);
            topic.partitions().add(new FetchPartition().setPartition(0));
            data.topics().add(topic);
        }
        var first = sessions.open(new FetchRequest(data, (short) 13));
        FetchResponseData told = first.answer(whole(first, 5));
        assertThat(told.responses().stream().map(FetchableTopicResponse::topicId))
                .containsExactly(one, other);
    }

    @Test
    void aSessionEndsWhenItsClientBeginsAnotherOrNeedsNone() {
        var first = sessions.open(request(0, 0, 0));
        int id = first.answer(whole(first, 5)).sessionId();
        var second = sessions.open(request(id, 0, 0, 1));
        int next = second.answer(whole(second, 5)).sessionId();
        assertThat(next).isNotEqualTo(id);
        assertThat(sessions.size()).isEqualTo(3);
        sessions.open(request(next, -1, 0));
        assertThat(sessions.size()).isZero();
    }

    @Test
    void whoFindsNoRoomGetsNoSessionUntilOthersAreIdle() {
        var first = sessions.open(request(0, 0, 0, 1, 2, 3, 4));
        int id = first.answer(whole(first, 5)).sessionId();
        var second = sessions.open(request(0, 0, 0, 1, 2, 3, 4));
        assertThat(second.answer(whole(second, 5)).sessionId()).isZero();
        clock.advance(Duration.ofMinutes(3));
        var third = sessions.open(request(0, 0, 0, 1, 2, 3, 4));
        assertThat(third.answer(whole(third, 5)).sessionId()).isPositive();
        assertThatThrownBy(() -> sessions.open(request(id, 1)))
                .isInstanceOf(FetchSessionIdNotFoundException.class);
        assertThat(sessions.size()).isEqualTo(6);
    }

    @Test
    void aSessionThatOutgrowsTheRoomEnds() {
        var first = sessions.open(request(0, 0, 0, 1));
        int id = first.answer(whole(first, 5)).sessionId();
        int[] many = IntStream.range(2, 12).toArray();
        assertThatThrownBy(() -> sessions.open(request(id, 1, many)))
                .isInstanceOf(FetchSessionIdNotFoundException.class);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void thereAreNoSessionsWithoutRoom() {
        FetchSessions none = new FetchSessions(0, clock);
        var exchange = none.open(request(0, 0, 0));
        assertThat(exchange.answer(whole(exchange, 5)).sessionId()).isZero();
    }

    private static FetchRequest request(int session, int epoch, int... partitions) {
        return new FetchRequest(data(session, epoch, partitions), VERSION);
    }

    private static FetchRequestData data(int session, int epoch, int... partitions) {
        FetchRequestData data = new FetchRequestData().setSessionId(session).setSessionEpoch(epoch);
        if (partitions.length > 0) {
            FetchTopic topic = new FetchTopic().setTopic("topic");
            for (int partition : partitions) {
                topic.partitions().add(new FetchPartition().setPartition(partition));
            }
            data.topics().add(topic);
        }
        return data;
    }

    /** An answer to all that is asked, without records. */
    private static FetchResponseData whole(FetchSessions.Exchange exchange, long highWatermark) {
        FetchResponseData whole = new FetchResponseData();
        for (FetchTopic topic : exchange.request().data().topics()) {
            List<PartitionData> answers = new ArrayList<>();
            for (FetchPartition partition : topic.partitions()) {
                answers.add(
                        new PartitionData()
                                .setPartitionIndex(partition.partition())
                                .setHighWatermark(highWatermark)
                                .setLastStableOffset(highWatermark)
                                .setLogStartOffset(0));
            }
            whole.responses()
                    .add(
                            new FetchableTopicResponse()
                                    .setTopic(topic.topic())
                                    .setTopicId(topic.topicId())
                                    .setPartitions(answers));
        }
        return whole;
    }

    private static List<Integer> asked(FetchSessions.Exchange exchange) {
        return exchange.request().data().topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(FetchPartition::partition)
                .toList();
    }

    private static List<Integer> partitions(FetchResponseData data) {
        return data.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(PartitionData::partitionIndex)
                .toList();
    }

    private static final class SettableClock extends Clock {

        private Instant now = Instant.ofEpochMilli(ProtocolFixture.NOW);

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("time is time");
        }
    }
}
