package io.fleuve.broker.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;

/**
 * Assignments of replicas that clients make by hand. They are checked as Kafka checks them, so that
 * a plan for another cluster is found out; a correct one has no effect, since every broker serves
 * every partition.
 */
final class ManualAssignment {

    private ManualAssignment() {}

    /**
     * Checks the replicas of one partition.
     *
     * @param brokers the ids of the brokers that shall have one
     * @param factor how many replicas the partitions before it have, if there are any
     * @return how many replicas this one has
     * @throws InvalidReplicaAssignmentException if there is none, a broker is unknown or named
     *     twice, or there are not as many as before
     */
    static OptionalInt check(List<Integer> brokers, OptionalInt factor, ClusterView cluster) {
        if (brokers.isEmpty()) {
            throw new InvalidReplicaAssignmentException("a partition must have replicas");
        }
        Set<Integer> seen = new HashSet<>();
        for (int broker : brokers) {
            if (!cluster.hasBroker(broker)) {
                throw new InvalidReplicaAssignmentException(
                        "a replica is assigned to broker %d, which does not exist"
                                .formatted(broker));
            }
            if (!seen.add(broker)) {
                throw new InvalidReplicaAssignmentException(
                        "broker %d has two replicas of one partition".formatted(broker));
            }
        }
        if (factor.isPresent() && factor.getAsInt() != brokers.size()) {
            throw new InvalidReplicaAssignmentException(
                    "a partition has %d replicas, the one before it %d"
                            .formatted(brokers.size(), factor.getAsInt()));
        }
        return OptionalInt.of(brokers.size());
    }
}
