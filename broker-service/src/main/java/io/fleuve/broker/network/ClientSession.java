package io.fleuve.broker.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Who is at the other end of a connection: where from, as whom, with which software. */
final class ClientSession {

    private final String connectionId;
    private final InetSocketAddress remote;
    private final ListenerName listener;
    private final KafkaPrincipal principal = KafkaPrincipal.ANONYMOUS;
    private volatile ClientInformation software = ClientInformation.EMPTY;

    ClientSession(String connectionId, InetSocketAddress remote, ListenerName listener) {
        this.connectionId = connectionId;
        this.remote = remote;
        this.listener = listener;
    }

    RequestContext context(RequestHeader header) {
        return new RequestContext(
                header,
                connectionId,
                address(),
                Optional.of(remote.getPort()),
                principal,
                listener,
                SecurityProtocol.PLAINTEXT,
                software,
                false);
    }

    /** What the client says about itself in ApiVersions (KIP-511). */
    void introduce(String name, String version) {
        software = new ClientInformation(name, version);
    }

    InetAddress address() {
        return remote.getAddress();
    }

    InetSocketAddress remote() {
        return remote;
    }
}
