package io.fleuve.broker.inspection;

import java.util.Collection;
import java.util.Map;

/** How much of the store logs take. */
@FunctionalInterface
public interface LogSizes {

    /**
     * The bytes of all records of each log, as they are stored. Asks for all of them at once, and
     * blocks.
     *
     * @param logIds logs, of which some may not exist
     * @return bytes by log; a log without records may be missing
     * @throws io.fleuve.broker.log.LogUnavailableException if that cannot be told now (retriable)
     */
    Map<Long, Long> bytes(Collection<Long> logIds);
}
