package io.fleuve.conformance.scenario;

import java.io.IOException;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.jspecify.annotations.Nullable;

/** What is served at all. */
public final class ApiScenarios {

    /** Its facts are APIs, by the names of {@link ApiKeys}. */
    public static final String ADVERTISED = "advertised versions";

    private ApiScenarios() {}

    static Stream<Scenario> all() {
        return Stream.of(
                new Scenario(ADVERTISED, ApiScenarios::advertised),
                new Scenario(
                        "finalized features",
                        (client, seen) ->
                                features(
                                        client,
                                        seen,
                                        "group.version",
                                        "streams.version",
                                        "share.version")),
                new Scenario(
                        "the feature of transactions",
                        (client, seen) -> features(client, seen, "transaction.version")));
    }

    private static void advertised(Client client, Observation seen) throws Exception {
        ApiVersionsResponse answer = ask(client);
        for (ApiKeys key : ApiKeys.apisForListener(ListenerType.BROKER)) {
            ApiVersion served = answer.apiVersion(key.id);
            seen.saw(
                    key.name(),
                    served == null ? null : served.minVersion() + " to " + served.maxVersion());
        }
        seen.saw(
                "APIs of other listeners",
                answer.data().apiKeys().stream()
                        .filter(
                                served ->
                                        !ApiKeys.apisForListener(ListenerType.BROKER)
                                                .contains(ApiKeys.forId(served.apiKey())))
                        .toList());
    }

    private static void features(Client client, Observation seen, String... features)
            throws Exception {
        ApiVersionsResponse answer = ask(client);
        for (String feature : features) {
            seen.saw(feature, level(answer.data().finalizedFeatures().find(feature)));
        }
    }

    private static @Nullable String level(@Nullable FinalizedFeatureKey feature) {
        return feature == null
                ? null
                : feature.minVersionLevel() + " to " + feature.maxVersionLevel();
    }

    private static ApiVersionsResponse ask(Client client) throws IOException {
        try (Wire wire = client.wire()) {
            return wire.ask(
                    new ApiVersionsRequestData()
                            .setClientSoftwareName("conformance")
                            .setClientSoftwareVersion("1"),
                    ApiKeys.API_VERSIONS.latestVersion(),
                    ApiVersionsResponse.class);
        }
    }
}
