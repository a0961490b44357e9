package io.fleuve.gateway.idempotency;

import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.kafka.Outgoing;
import io.fleuve.gateway.kafka.Sent;
import java.util.List;

/** A produce request that was read whole. */
public interface Work {

    /** Its records, in order. */
    List<Outgoing> outgoing();

    /** Whether one refused record refuses all. */
    default boolean allOrNone() {
        return false;
    }

    /**
     * What to make of a record whose topic or partition does not exist.
     *
     * @throws RestException if that refuses the whole request
     */
    default Outgoing unwritable(RestException refusal) {
        return new Outgoing.Refused(refusal.error());
    }

    /**
     * The answer, given what became of each record. It has no other effect, and may be asked for
     * more than once.
     *
     * @throws RestException if the answer is an error; only when no record was written
     */
    Reply reply(List<Sent> sent);
}
