package io.fleuve.broker.protocol;

import io.fleuve.broker.metadata.BrokerImage;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * The listeners of a broker. Clients are told the addresses that belong to the listener through
 * which they ask, as Kafka does (KIP-103): those inside a container network and those outside need
 * other ones.
 */
public final class Listeners {

    /** The Kafka port. */
    public static final ListenerName USUAL =
            ListenerName.forSecurityProtocol(SecurityProtocol.PLAINTEXT);

    /** The second port, for clients that do not reach the address of the first. */
    public static final ListenerName EXTERNAL = new ListenerName("EXTERNAL");

    private Listeners() {}

    /** Where whoever has sent this request finds {@code broker}. */
    public static BrokerImage.Address addressOf(BrokerImage broker, RequestContext context) {
        return context.listenerName().equals(EXTERNAL.value())
                ? broker.externalAddress()
                : broker.address();
    }
}
