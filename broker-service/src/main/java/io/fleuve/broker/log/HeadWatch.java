package io.fleuve.broker.log;

/** A registration for the growth of some logs. Used by one thread at a time. */
public interface HeadWatch extends AutoCloseable {

    /**
     * Waits until one of the logs has grown since the registration or the last call, or the time is
     * over.
     *
     * @return whether one has grown
     */
    boolean await(long timeoutMs) throws InterruptedException;

    @Override
    void close();
}
