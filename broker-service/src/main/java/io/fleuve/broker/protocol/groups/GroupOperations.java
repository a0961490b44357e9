package io.fleuve.broker.protocol.groups;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.Utils;

/** What may be done to a group, as the bit field of describe answers (KIP-430). */
final class GroupOperations {

    /** All operations that there are: nothing restricts them here. */
    static final int ALL =
            Utils.to32BitField(
                    Stream.of(
                                    AclOperation.READ,
                                    AclOperation.DESCRIBE,
                                    AclOperation.DELETE,
                                    AclOperation.DESCRIBE_CONFIGS,
                                    AclOperation.ALTER_CONFIGS)
                            .map(AclOperation::code)
                            .collect(Collectors.toSet()));

    private GroupOperations() {}
}
