package io.fleuve.broker.protocol.groups;

import io.fleuve.broker.coordinator.GroupCoordinatorHost;
import io.fleuve.broker.metadata.ClusterMetadata;
import io.fleuve.broker.protocol.Api;
import io.fleuve.broker.protocol.ApiTable;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** A client of the group APIs whose requests and answers go through bytes of a chosen version. */
final class GroupWire {

    private final ApiTable apis;

    GroupWire(GroupCoordinatorHost host, ClusterMetadata metadata) {
        this.apis = new ApiTable(GroupApis.of(host, metadata, Map.of()));
    }

    ApiTable apis() {
        return apis;
    }

    /** Sends a request at a version and returns the answer as a client of that version reads it. */
    <T extends ApiMessage> T call(ApiKeys key, int version, ApiMessage request, Class<T> answer)
            throws Exception {
        short apiVersion = (short) version;
        Api<?> api = apis.find(key).orElseThrow();
        RequestContext context = context(key, apiVersion);
        ByteBuffer sent = MessageUtil.toByteBufferAccessor(request, apiVersion).buffer();
        AbstractRequest parsed = context.parseRequest(sent).request;
        AbstractResponse response = api.handle(context, parsed).get(10, TimeUnit.SECONDS);
        ByteBuffer received =
                MessageUtil.toByteBufferAccessor(response.data(), apiVersion).buffer();
        return answer.cast(
                AbstractResponse.parseResponse(key, new ByteBufferAccessor(received), apiVersion)
                        .data());
    }

    private static RequestContext context(ApiKeys key, short version) {
        return new RequestContext(
                new RequestHeader(key, version, "client", 1),
                "connection",
                InetAddress.getLoopbackAddress(),
                KafkaPrincipal.ANONYMOUS,
                ListenerName.normalised("PLAINTEXT"),
                SecurityProtocol.PLAINTEXT,
                ClientInformation.EMPTY,
                false);
    }
}
