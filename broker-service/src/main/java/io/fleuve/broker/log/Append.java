package io.fleuve.broker.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One batch for one log.
 *
 * @param logId the log
 * @param batch one whole, checked v2 record batch between position and limit, backed by an array
 * @param leaderEpoch the leader epoch to write into the batch
 * @param fenced whether to refuse the batch unless this broker still leads the log at exactly
 *     {@code leaderEpoch}: for logs that must have one writer, such as those of coordinators
 * @param stampAppendTime whether to replace the timestamps by the time of the append ({@code
 *     LogAppendTime})
 * @param transactionalId what the client says whose transaction a transactional batch belongs to;
 *     null if it was made sure of
 * @param joinsTransaction whether a transactional batch takes its log into its transaction, which
 *     must have it already otherwise (KIP-890)
 */
public record Append(
        long logId,
        ByteBuffer batch,
        int leaderEpoch,
        boolean fenced,
        boolean stampAppendTime,
        @Nullable String transactionalId,
        boolean joinsTransaction) {

    /** An append to a log that its transaction, if there is one, has already. */
    public Append(
            long logId,
            ByteBuffer batch,
            int leaderEpoch,
            boolean fenced,
            boolean stampAppendTime) {
        this(logId, batch, leaderEpoch, fenced, stampAppendTime, null, false);
    }

    public Append {
        if (!batch.hasArray()) {
            throw new IllegalArgumentException("a batch to append must be backed by an array");
        }
    }
}
