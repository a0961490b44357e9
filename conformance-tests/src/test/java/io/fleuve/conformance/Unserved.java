package io.fleuve.conformance;

import static org.apache.kafka.common.protocol.ApiKeys.ADD_RAFT_VOTER;
import static org.apache.kafka.common.protocol.ApiKeys.ALTER_SHARE_GROUP_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.ALTER_USER_SCRAM_CREDENTIALS;
import static org.apache.kafka.common.protocol.ApiKeys.CREATE_ACLS;
import static org.apache.kafka.common.protocol.ApiKeys.CREATE_DELEGATION_TOKEN;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_ACLS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_SHARE_GROUP_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_SHARE_GROUP_STATE;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_ACLS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_DELEGATION_TOKEN;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_QUORUM;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS;
import static org.apache.kafka.common.protocol.ApiKeys.EXPIRE_DELEGATION_TOKEN;
import static org.apache.kafka.common.protocol.ApiKeys.INITIALIZE_SHARE_GROUP_STATE;
import static org.apache.kafka.common.protocol.ApiKeys.READ_SHARE_GROUP_STATE;
import static org.apache.kafka.common.protocol.ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY;
import static org.apache.kafka.common.protocol.ApiKeys.REMOVE_RAFT_VOTER;
import static org.apache.kafka.common.protocol.ApiKeys.RENEW_DELEGATION_TOKEN;
import static org.apache.kafka.common.protocol.ApiKeys.SASL_AUTHENTICATE;
import static org.apache.kafka.common.protocol.ApiKeys.SASL_HANDSHAKE;
import static org.apache.kafka.common.protocol.ApiKeys.SHARE_ACKNOWLEDGE;
import static org.apache.kafka.common.protocol.ApiKeys.SHARE_FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.SHARE_GROUP_DESCRIBE;
import static org.apache.kafka.common.protocol.ApiKeys.SHARE_GROUP_HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.UNREGISTER_BROKER;
import static org.apache.kafka.common.protocol.ApiKeys.UPDATE_FEATURES;
import static org.apache.kafka.common.protocol.ApiKeys.WRITE_SHARE_GROUP_STATE;

import io.fleuve.conformance.scenario.ApiScenarios;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The APIs that Apache Kafka serves to clients, and Fleuve does not. They are not advertised, so
 * clients say at once that they are missing.
 */
enum Unserved {
    SECURITY(
            "there is no authentication yet, and nothing to be restricted",
            SASL_HANDSHAKE,
            SASL_AUTHENTICATE,
            DESCRIBE_ACLS,
            CREATE_ACLS,
            DELETE_ACLS,
            CREATE_DELEGATION_TOKEN,
            RENEW_DELEGATION_TOKEN,
            EXPIRE_DELEGATION_TOKEN,
            DESCRIBE_DELEGATION_TOKEN,
            DESCRIBE_USER_SCRAM_CREDENTIALS,
            ALTER_USER_SCRAM_CREDENTIALS),
    QUORUM(
            "there is no quorum of controllers: the metadata is in PostgreSQL, a broker that has"
                    + " stopped is forgotten by itself, and features are those of the release",
            DESCRIBE_QUORUM,
            ADD_RAFT_VOTER,
            REMOVE_RAFT_VOTER,
            UNREGISTER_BROKER,
            UPDATE_FEATURES),
    SHARE_GROUPS(
            "records are not shared out one by one; a member that could join, and then not fetch,"
                    + " would be told too late",
            SHARE_GROUP_HEARTBEAT,
            SHARE_GROUP_DESCRIBE,
            SHARE_FETCH,
            SHARE_ACKNOWLEDGE,
            DESCRIBE_SHARE_GROUP_OFFSETS,
            ALTER_SHARE_GROUP_OFFSETS,
            DELETE_SHARE_GROUP_OFFSETS),
    BETWEEN_BROKERS(
            "brokers say this to each other; ours talk to the database",
            INITIALIZE_SHARE_GROUP_STATE,
            READ_SHARE_GROUP_STATE,
            WRITE_SHARE_GROUP_STATE,
            DELETE_SHARE_GROUP_STATE,
            READ_SHARE_GROUP_STATE_SUMMARY);

    private final String reason;
    private final Set<ApiKeys> apis;

    Unserved(String reason, ApiKeys... apis) {
        this.reason = reason;
        this.apis = EnumSet.noneOf(ApiKeys.class);
        this.apis.addAll(Arrays.asList(apis));
    }

    String reason() {
        return reason;
    }

    Set<ApiKeys> apis() {
        return apis;
    }

    /** Whether this is the fact that such an API is served. */
    static boolean isServing(String scenario, String fact) {
        return scenario.equals(ApiScenarios.ADVERTISED)
                && Arrays.stream(values())
                        .flatMap(group -> group.apis.stream())
                        .anyMatch(api -> api.name().equals(fact));
    }
}
