package io.fleuve.broker.transaction;

import java.nio.ByteBuffer;

/** Makes the control batches that end a transaction in a log (KIP-98). */
public interface Markers {

    /** One control batch, in an array of its own. */
    ByteBuffer marker(ProducerIdentity producer, boolean commit, long timestampMs);
}
