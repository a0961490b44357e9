package io.fleuve.broker.inspection;

import java.util.List;

/** Who writes to a log. */
@FunctionalInterface
public interface ProducerStates {

    /**
     * The producers of a log whose state is kept, in order of their ids. Blocks.
     *
     * @return empty if there are none, or no such log
     * @throws io.fleuve.broker.log.LogUnavailableException if that cannot be told now (retriable)
     */
    List<ProducerState> of(long logId);
}
