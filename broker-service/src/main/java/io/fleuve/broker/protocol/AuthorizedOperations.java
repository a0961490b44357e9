package io.fleuve.broker.protocol;

import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.requests.MetadataResponse;

/** What a client may do, as metadata answers tell it (KIP-430): a bit for each operation. */
final class AuthorizedOperations {

    private static final Set<AclOperation> ON_TOPIC =
            Set.of(
                    AclOperation.READ,
                    AclOperation.WRITE,
                    AclOperation.CREATE,
                    AclOperation.DESCRIBE,
                    AclOperation.DELETE,
                    AclOperation.ALTER,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.ALTER_CONFIGS);

    private static final Set<AclOperation> ON_CLUSTER =
            Set.of(
                    AclOperation.CREATE,
                    AclOperation.CLUSTER_ACTION,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.ALTER_CONFIGS,
                    AclOperation.IDEMPOTENT_WRITE,
                    AclOperation.ALTER,
                    AclOperation.DESCRIBE);

    private AuthorizedOperations() {}

    static int onTopic(boolean asked) {
        return asked ? bits(ON_TOPIC) : MetadataResponse.AUTHORIZED_OPERATIONS_OMITTED;
    }

    static int onCluster(boolean asked) {
        return asked ? bits(ON_CLUSTER) : MetadataResponse.AUTHORIZED_OPERATIONS_OMITTED;
    }

    private static int bits(Set<AclOperation> operations) {
        return operations.stream().mapToInt(operation -> 1 << operation.code()).sum();
    }
}
