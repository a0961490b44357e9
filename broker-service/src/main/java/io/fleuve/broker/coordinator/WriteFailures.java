package io.fleuve.broker.coordinator;

import io.fleuve.broker.log.AppendResult;
import java.util.concurrent.CompletableFuture;

/** Told of appends after which a shard's state machine can no longer be trusted. */
interface WriteFailures {

    /** Another broker owns the shard. */
    void onFenced(Tenure tenure);

    /** It is not known yet whether an append has happened; the future will tell. */
    void onInDoubt(Tenure tenure, CompletableFuture<AppendResult> outcome);
}
