package io.fleuve.broker.protocol.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinCheckTest extends GroupApisFixture {

    /** Version 3, and no topics where there must be some, if none. */
    private static final byte[] TOPICS_ARE_NULL = {0, 3, -1, -1, -1, -1};

    /** A version that does not exist, and the same. */
    private static final byte[] VERSION_IS_NEGATIVE = {-1, -1, -1, -1, -1, -1};

    /** Version 3, and more topics than there are bytes. */
    private static final byte[] MORE_TOPICS_THAN_BYTES = {0, 3, 0x7f, -1, -1, -1};

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 9})
    void memberThatNamesAProtocolTwiceIsRefusedAndTheGroupGoesOn(int version) throws Exception {
        awaitCoordinator();

        assertThat(join(version, "range", valid(), "range", valid()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);

        assertThat(join(3, "range", valid(), "sticky", valid())).isEqualTo(Errors.NONE);
    }

    @Test
    void memberWhoseSubscriptionCannotBeReadIsRefused() throws Exception {
        awaitCoordinator();

        assertThat(join(3, "range", TOPICS_ARE_NULL, "sticky", valid()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(join(3, "range", VERSION_IS_NEGATIVE, "sticky", valid()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(join(3, "range", valid(), "sticky", MORE_TOPICS_THAN_BYTES))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void subscriptionsThatTheLibraryToleratesAreServed() throws Exception {
        awaitCoordinator();

        assertThat(join(3, "range", new byte[0], "sticky", new byte[] {0, 1, 2}))
                .isEqualTo(Errors.NONE);
    }

    @Test
    void whatIsNoConsumerSaysWhatItLikes() {
        JoinGroupRequestData request =
                request("range", TOPICS_ARE_NULL, "sticky", valid()).setProtocolType("connect");

        assertThat(JoinCheck.isSound(request)).isTrue();
    }

    private Errors join(int version, String one, byte[] first, String other, byte[] second)
            throws Exception {
        JoinGroupResponseData joined =
                wire.call(
                        ApiKeys.JOIN_GROUP,
                        version,
                        request(one, first, other, second),
                        JoinGroupResponseData.class);
        return Errors.forCode(joined.errorCode());
    }

    private static JoinGroupRequestData request(
            String one, byte[] first, String other, byte[] second) {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.mustAdd(new JoinGroupRequestProtocol().setName(one).setMetadata(first));
        protocols.mustAdd(new JoinGroupRequestProtocol().setName(other).setMetadata(second));
        return new JoinGroupRequestData()
                .setGroupId(GROUP)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000)
                .setProtocols(protocols);
    }

    private static byte[] valid() {
        ByteBuffer bytes = ConsumerProtocol.serializeSubscription(new Subscription(List.of(TOPIC)));
        byte[] subscription = new byte[bytes.remaining()];
        bytes.get(subscription);
        return subscription;
    }
}
