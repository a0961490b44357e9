package io.fleuve.broker.protocol;

/**
 * A response that holds memory which others wait for, until it has been sent or can no longer be.
 *
 * <p>Whoever sends responses owes each of these a {@link #release()}, whatever becomes of it.
 */
public interface RetainingResponse {

    /** How many bytes it holds; the same before and after they are released. */
    long retainedBytes();

    /** It has been sent, or never will be. Any thread may say so, and more than once. */
    void release();
}
