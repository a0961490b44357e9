package io.fleuve.broker.postgres;

import java.time.Duration;

/**
 * How a broker takes part in the cluster.
 *
 * @param brokerId its id, unique in the cluster
 * @param heartbeatInterval how often it renews its lease and looks for newer metadata
 * @param leaseTime how long the others wait for a renewal before they lead in its place
 */
public record MembershipSettings(int brokerId, Duration heartbeatInterval, Duration leaseTime) {

    public MembershipSettings {
        if (brokerId < 0) {
            throw new IllegalArgumentException(
                    "fleuve.broker.id must not be negative, but is " + brokerId);
        }
        if (heartbeatInterval.toMillis() < 1
                || leaseTime.compareTo(heartbeatInterval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "fleuve.broker.lease-time ("
                            + leaseTime
                            + ") must be at least twice fleuve.broker.heartbeat-interval ("
                            + heartbeatInterval
                            + ")");
        }
    }
}
