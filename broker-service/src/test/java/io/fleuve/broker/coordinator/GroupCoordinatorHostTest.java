package io.fleuve.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.metadata.NewTopic;
import io.fleuve.broker.testing.NoTransactions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.BufferSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupCoordinatorHostTest {

    private static final String GROUP = "readers";
    private static final String TOPIC = "temperature-data";

    private final InMemoryCluster cluster = new InMemoryCluster();
    private final InMemoryBroker one = cluster.addBroker(1);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<GroupCoordinatorHost> hosts = new ArrayList<>();
    private GroupCoordinatorHost host;
    private TestMember member;

    @BeforeEach
    void start() {
        one.createTopic(new NewTopic(TOPIC, 6, false, Map.of()));
        host = startHost(one);
        assertThat(host.locate(GROUP)).hasValueSatisfying(b -> assertThat(b.id()).isEqualTo(1));
        member = new TestMember(host, GROUP);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (GroupCoordinatorHost started : hosts) {
            started.close();
        }
    }

    private GroupCoordinatorHost startHost(InMemoryBroker broker) {
        GroupCoordinatorHost started =
                new GroupCoordinatorHost(
                        broker,
                        broker,
                        TestMember.settings(),
                        new NoTransactions(),
                        new NoTransactions(),
                        registry);
        hosts.add(started);
        started.start();
        return started;
    }

    @Test
    void createsTheOffsetsTopicOnFirstNeed() {
        assertThat(one.current().topic("__consumer_offsets"))
                .hasValueSatisfying(
                        topic -> {
                            assertThat(topic.internal()).isTrue();
                            assertThat(topic.partitions()).hasSize(4);
                            assertThat(topic.configs())
                                    .containsEntry("cleanup.policy", "compact")
                                    .containsEntry("compression.type", "producer")
                                    .containsEntry("segment.bytes", "104857600");
                        });
    }

    @Test
    void leadsAMemberThroughItsLife() {
        assertThat(member.join()).isEqualTo(Errors.NONE);
        assertThat(member.generation()).isEqualTo(1);
        assertThat(member.sync(new byte[] {7})).containsExactly(7);
        assertThat(member.heartbeat()).isEqualTo(Errors.NONE);
        assertThat(member.commit(TOPIC, 0, 42)).isEqualTo(Errors.NONE);
        assertThat(member.fetch(TOPIC, 0)).isEqualTo(42);
        assertThat(member.fetch(TOPIC, 1)).isEqualTo(-1);
        assertThat(member.leave()).isEqualTo(Errors.NONE);
        assertThat(member.heartbeat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void assignsPartitionsInTheFirstAnswerOfTheConsumerProtocol() {
        member.awaitLoaded();
        var heartbeat =
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId(GROUP)
                        .setMemberId("member-1")
                        .setMemberEpoch(0)
                        .setRebalanceTimeoutMs(10_000)
                        .setTopicPartitions(List.of())
                        .setSubscribedTopicNames(List.of(TOPIC));

        var answer =
                host.coordinator()
                        .consumerGroupHeartbeat(
                                TestMember.context(ApiKeys.CONSUMER_GROUP_HEARTBEAT), heartbeat)
                        .join();

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(answer.assignment().topicPartitions())
                .singleElement()
                .satisfies(
                        topic -> assertThat(topic.partitions()).containsExactly(0, 1, 2, 3, 4, 5));
    }

    @Test
    void listsDescribesAndDeletesGroups() {
        member.join();
        member.sync(new byte[0]);

        assertThat(listed()).containsExactly(GROUP);
        var described =
                host.coordinator()
                        .describeGroups(TestMember.context(ApiKeys.DESCRIBE_GROUPS), List.of(GROUP))
                        .join();
        assertThat(described)
                .singleElement()
                .satisfies(group -> assertThat(group.groupState()).isEqualTo("Stable"));
        assertThat(delete()).isEqualTo(Errors.NON_EMPTY_GROUP);

        member.leave();
        assertThat(delete()).isEqualTo(Errors.NONE);
        assertThat(listed()).isEmpty();
    }

    @Test
    void carriesMembersAndOffsetsOverToTheNextOwner() {
        member.join();
        member.sync(new byte[] {7});
        member.commit(TOPIC, 3, 42);
        InMemoryBroker two = cluster.addBroker(2);
        GroupCoordinatorHost second = startHost(two);

        cluster.moveLeadership(2);

        TestMember moved = member.at(second);
        await().untilAsserted(() -> assertThat(moved.heartbeat()).isEqualTo(Errors.NONE));
        assertThat(moved.fetch(TOPIC, 3)).isEqualTo(42);
        await().untilAsserted(
                        () -> assertThat(member.heartbeat()).isEqualTo(Errors.NOT_COORDINATOR));
        assertThat(host.locate(GROUP)).hasValueSatisfying(b -> assertThat(b.id()).isEqualTo(2));
    }

    @Test
    void offsetsOfATransactionAreRefusedForTheMomentWhileAShardMovesOrLoads() {
        member.join();
        startHost(cluster.addBroker(2));
        cluster.moveLeadership(2);
        await().untilAsserted(
                        () -> assertThat(commitInTransaction()).isEqualTo(Errors.NOT_COORDINATOR));

        one.store(InMemoryBroker.Store.UNAVAILABLE);
        cluster.moveLeadership(1);
        await().untilAsserted(
                        () ->
                                assertThat(commitInTransaction())
                                        .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS));
    }

    private Errors commitInTransaction() {
        TxnOffsetCommitRequestData request =
                new TxnOffsetCommitRequestData()
                        .setGroupId(GROUP)
                        .setTransactionalId("copier")
                        .setProducerId(7)
                        .setTopics(
                                List.of(
                                        new TxnOffsetCommitRequestTopic()
                                                .setName(TOPIC)
                                                .setPartitions(
                                                        List.of(
                                                                new TxnOffsetCommitRequestPartition()
                                                                        .setCommittedOffset(5)))));
        TxnOffsetCommitResponseData answer =
                host.coordinator()
                        .commitTransactionalOffsets(
                                TestMember.context(ApiKeys.TXN_OFFSET_COMMIT),
                                request,
                                BufferSupplier.NO_CACHING)
                        .join();
        return Errors.forCode(answer.topics().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void deposedOwnerThatHasNotHeardOfItTellsNoOffsets() {
        member.join();
        member.sync(new byte[0]);
        member.commit(TOPIC, 0, 1);
        GroupCoordinatorHost second = startHost(cluster.addBroker(2));
        one.lagging(true);
        cluster.moveLeadership(2);
        TestMember moved = member.at(second);
        await().untilAsserted(() -> assertThat(moved.commit(TOPIC, 0, 2)).isEqualTo(Errors.NONE));

        assertThat(member.heartbeat()).isEqualTo(Errors.NONE);
        assertThatThrownBy(() -> member.fetch(TOPIC, 0))
                .hasCauseInstanceOf(NotCoordinatorException.class);
        assertThat(moved.fetch(TOPIC, 0)).isEqualTo(2);
    }

    @Test
    void tellsNoOffsetsWhileItCannotBeKnownWhoLeads() {
        member.join();
        member.sync(new byte[0]);
        member.commit(TOPIC, 0, 1);
        one.isolated(true);

        assertThatThrownBy(() -> member.fetch(TOPIC, 0))
                .hasCauseInstanceOf(CoordinatorNotAvailableException.class);

        one.isolated(false);
        assertThat(member.fetch(TOPIC, 0)).isEqualTo(1);
    }

    @Test
    void sendsMembersElsewhereOnceItsLeaseHasLapsed() {
        member.join();
        member.sync(new byte[0]);
        one.leaseLapsed(true);

        assertThatThrownBy(member::heartbeat).isInstanceOf(NotCoordinatorException.class);
        assertThat(host.locate(GROUP)).isEmpty();

        one.leaseLapsed(false);
        assertThat(member.heartbeat()).isEqualTo(Errors.NONE);
        assertThat(host.locate(GROUP)).isPresent();
    }

    @Test
    void deposedOwnerThatHasNotHeardOfItCannotWrite() {
        member.join();
        member.sync(new byte[0]);
        member.commit(TOPIC, 0, 1);
        GroupCoordinatorHost second = startHost(cluster.addBroker(2));
        one.isolated(true);
        cluster.moveLeadership(2);
        TestMember moved = member.at(second);
        await().untilAsserted(() -> assertThat(moved.commit(TOPIC, 0, 2)).isEqualTo(Errors.NONE));
        int written = cluster.batchCount();

        assertThat(member.commit(TOPIC, 0, 3)).isEqualTo(Errors.NOT_COORDINATOR);

        assertThat(cluster.batchCount()).isEqualTo(written);
        assertThat(moved.fetch(TOPIC, 0)).isEqualTo(2);
        // It gives its state up, too: soon it does not answer from memory any more.
        await().untilAsserted(
                        () ->
                                assertThat(member.heartbeat())
                                        .isIn(
                                                Errors.NOT_COORDINATOR,
                                                Errors.COORDINATOR_LOAD_IN_PROGRESS));
    }

    @Test
    void forgetsItsStateWhenItIsElectedAgainAtALaterEpoch() {
        member.join();
        member.sync(new byte[0]);
        member.commit(TOPIC, 0, 1);
        GroupCoordinatorHost second = startHost(cluster.addBroker(2));
        one.isolated(true);
        cluster.moveLeadership(2);
        TestMember moved = member.at(second);
        await().untilAsserted(() -> assertThat(moved.commit(TOPIC, 0, 2)).isEqualTo(Errors.NONE));

        cluster.moveLeadership(1);
        one.isolated(false);

        await().untilAsserted(() -> assertThat(member.fetch(TOPIC, 0)).isEqualTo(2));
        assertThat(member.commit(TOPIC, 0, 3)).isEqualTo(Errors.NONE);
    }

    @Test
    void refusesCommitsWhileTheLogIsAwayAndGoesOnAfterwards() {
        member.join();
        member.sync(new byte[0]);
        member.commit(TOPIC, 0, 1);
        one.store(InMemoryBroker.Store.UNAVAILABLE);

        assertThat(member.commit(TOPIC, 0, 2)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);

        assertThat(member.fetch(TOPIC, 0)).isEqualTo(1);
        one.store(InMemoryBroker.Store.AVAILABLE);
        assertThat(member.commit(TOPIC, 0, 3)).isEqualTo(Errors.NONE);
        assertThat(member.fetch(TOPIC, 0)).isEqualTo(3);
    }

    @Test
    void readsTheLogAgainWhenTheOutcomeOfAnAppendWasUnknown() {
        member.join();
        member.sync(new byte[0]);
        member.commit(TOPIC, 0, 1);
        one.store(InMemoryBroker.Store.SILENT);

        assertThat(member.commit(TOPIC, 0, 2))
                .isIn(Errors.COORDINATOR_NOT_AVAILABLE, Errors.NOT_COORDINATOR);

        // Nothing is answered from a state that may be wrong.
        await().untilAsserted(
                        () -> assertThat(member.heartbeat()).isEqualTo(Errors.NOT_COORDINATOR));
        one.store(InMemoryBroker.Store.AVAILABLE);
        one.tellOutcomes();
        await().untilAsserted(() -> assertThat(member.fetch(TOPIC, 0)).isEqualTo(2));
        assertThat(member.heartbeat()).isEqualTo(Errors.NONE);
        assertThat(member.commit(TOPIC, 0, 3)).isEqualTo(Errors.NONE);
    }

    @Test
    void waitsWithLoadingUntilTheLogAnswers() {
        member.join();
        member.sync(new byte[0]);
        member.commit(TOPIC, 0, 5);
        InMemoryBroker two = cluster.addBroker(2);
        GroupCoordinatorHost second = startHost(two);
        two.store(InMemoryBroker.Store.UNAVAILABLE);
        cluster.moveLeadership(2);
        TestMember moved = member.at(second);
        await().untilAsserted(
                        () ->
                                assertThat(moved.heartbeat())
                                        // A loading coordinator accepts classic heartbeats blindly.
                                        .isEqualTo(Errors.NONE));
        assertThat(moved.tryFetch(TOPIC, 0)).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);

        two.store(InMemoryBroker.Store.AVAILABLE);

        await().untilAsserted(() -> assertThat(moved.fetch(TOPIC, 0)).isEqualTo(5));
    }

    @Test
    void loadsAShardAnewThatCouldNotBeLoaded() {
        member.join();
        member.sync(new byte[0]);
        member.commit(TOPIC, 0, 5);
        InMemoryBroker two = cluster.addBroker(2);
        GroupCoordinatorHost second = startHost(two);
        two.readFailure(new StackOverflowError("on purpose"));
        cluster.moveLeadership(2);
        TestMember moved = member.at(second);
        await().untilAsserted(
                        () ->
                                assertThat(moved.tryFetch(TOPIC, 0))
                                        .isEqualTo(Errors.NOT_COORDINATOR));

        two.readFailure(null);

        await().untilAsserted(() -> assertThat(moved.tryFetch(TOPIC, 0)).isEqualTo(Errors.NONE));
        assertThat(moved.fetch(TOPIC, 0)).isEqualTo(5);
    }

    @Test
    void dropsOffsetsOfDeletedTopics() {
        member.commitAsSimpleConsumer(TOPIC, 0, 9);
        assertThat(member.fetch(TOPIC, 0)).isEqualTo(9);

        one.deleteTopic(one.current().topic(TOPIC).orElseThrow().id());

        await().untilAsserted(() -> assertThat(member.fetch(TOPIC, 0)).isEqualTo(-1));
    }

    @Test
    void deletedGroupsStayDeletedAfterAFailOver() {
        member.join();
        member.sync(new byte[0]);
        member.commit(TOPIC, 0, 5);
        member.leave();
        assertThat(delete()).isEqualTo(Errors.NONE);
        GroupCoordinatorHost second = startHost(cluster.addBroker(2));

        cluster.moveLeadership(2);

        TestMember moved = member.at(second);
        await().untilAsserted(() -> assertThat(moved.tryFetch(TOPIC, 0)).isEqualTo(Errors.NONE));
        assertThat(moved.fetch(TOPIC, 0)).isEqualTo(-1);
    }

    @Test
    void showsTheLibrarysMetricsAndTakesThemAway() throws InterruptedException {
        member.join();

        assertThat(registry.get("fleuve.group.coordinator.shards.owned").gauge().value())
                .isEqualTo(4);
        await().untilAsserted(
                        () ->
                                assertThat(
                                                registry.get(
                                                                "fleuve.group.coordinator.num.partitions")
                                                        .tag("state", "active")
                                                        .gauge()
                                                        .value())
                                        .isEqualTo(4));
        hosts.remove(host);
        host.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void closesWithoutLeavingThreads() throws InterruptedException {
        member.join();
        hosts.remove(host);
        host.close();
        Set<String> before = platformThreads();

        for (boolean used : new boolean[] {true, false}) {
            InMemoryBroker broker = new InMemoryCluster().addBroker(9);
            GroupCoordinatorHost other =
                    new GroupCoordinatorHost(
                            broker,
                            broker,
                            TestMember.settings(),
                            new NoTransactions(),
                            new NoTransactions(),
                            new SimpleMeterRegistry());
            if (used) {
                other.start();
                assertThat(other.locate(GROUP)).isPresent();
                assertThat(new TestMember(other, GROUP).join()).isEqualTo(Errors.NONE);
            }
            assertThat(platformThreads()).hasSizeGreaterThan(before.size());
            other.close();
        }

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(platformThreads()).isSubsetOf(before));
    }

    private static Set<String> platformThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.threadId() + " " + thread.getName())
                // Carriers of virtual threads and the JVM's own come and go.
                .filter(name -> !name.contains("ForkJoinPool") && !name.contains("VirtualThread"))
                .filter(name -> !name.contains("awaitility"))
                .collect(Collectors.toSet());
    }

    private List<String> listed() {
        return host
                .coordinator()
                .listGroups(TestMember.context(ApiKeys.LIST_GROUPS), new ListGroupsRequestData())
                .join()
                .groups()
                .stream()
                .map(group -> group.groupId())
                .toList();
    }

    private Errors delete() {
        var results =
                host.coordinator()
                        .deleteGroups(
                                TestMember.context(ApiKeys.DELETE_GROUPS),
                                List.of(GROUP),
                                BufferSupplier.NO_CACHING)
                        .join();
        return Errors.forCode(results.find(GROUP).errorCode());
    }
}
