package io.fleuve.broker.protocol.groups;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.protocol.types.SchemaException;

/**
 * Finds JoinGroup requests that Apache Kafka's library takes and then fails on, when the members
 * have joined: such a group would never get a generation, and none of its members an answer.
 */
final class JoinCheck {

    private JoinCheck() {}

    /** Whether the library can form a generation with this member. */
    static boolean isSound(JoinGroupRequestData request) {
        Set<String> names = new HashSet<>();
        for (JoinGroupRequestProtocol protocol : request.protocols()) {
            // Supporters are counted by name: one that is named twice has more than there are.
            if (!names.add(protocol.name())) {
                return false;
            }
        }
        return !request.protocolType().equals(ConsumerProtocol.PROTOCOL_TYPE)
                || request.protocols().stream()
                        .allMatch(protocol -> isTolerated(protocol.metadata()));
    }

    /**
     * Subscriptions that are cut short are taken for none, and their members served; whatever else
     * cannot be read ends the library's attempt. It reads only what version 0 has.
     */
    private static boolean isTolerated(byte[] subscription) {
        ByteBuffer bytes = ByteBuffer.wrap(subscription);
        try {
            var _ = ConsumerProtocol.deserializeVersion(bytes);
            var _ = ConsumerProtocol.deserializeConsumerProtocolSubscription(bytes, (short) 0);
            return true;
        } catch (SchemaException _) {
            return true;
        } catch (RuntimeException _) {
            return false;
        }
    }

    /** Whether all of its subscriptions can be read, as members of newer groups must be. */
    static boolean isReadable(JoinGroupRequestData request) {
        try {
            for (JoinGroupRequestProtocol protocol : request.protocols()) {
                var _ =
                        ConsumerProtocol.deserializeSubscription(
                                ByteBuffer.wrap(protocol.metadata()));
            }
            return true;
        } catch (RuntimeException _) {
            return false;
        }
    }
}
