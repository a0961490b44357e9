package io.fleuve.broker.protocol;

import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.InvalidRequestException;

/** Which records a consumer wants to see. */
final class IsolationLevels {

    private IsolationLevels() {}

    /**
     * Looks whether a code stands for a level.
     *
     * @throws InvalidRequestException if it does not
     */
    static void check(byte level) {
        if (level != IsolationLevel.READ_UNCOMMITTED.id()
                && level != IsolationLevel.READ_COMMITTED.id()) {
            throw new InvalidRequestException("there is no isolation level " + level);
        }
    }
}
