package io.fleuve.broker.network;

import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of connections that the broker closes: a line each, but only so many a second,
 * or a client that sends nonsense would fill the disk. What is left out is counted, and told with
 * the next line.
 */
final class CutLog {

    static final int LINES_A_SECOND = 20;

    private static final Logger LOGGER = LoggerFactory.getLogger(CutLog.class);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private long second;
    private int lines;
    private long leftOut;

    /**
     * @param nanoTime as {@link System#nanoTime()}
     */
    CutLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        second = nanoTime.getAsLong();
    }

    /** A connection is closed. */
    void cut(SocketAddress remote, String api, String reason) {
        long before = admit();
        if (before < 0) {
            return;
        }
        var line =
                LOGGER.atWarn()
                        .addKeyValue("remote", remote)
                        .addKeyValue("api", api)
                        .addKeyValue("reason", reason);
        if (before > 0) {
            line = line.addKeyValue("othersNotLogged", before);
        }
        line.log("connection closed by the broker");
    }

    /**
     * Asks for a line.
     *
     * @return how many were left out before this one; negative if this one is, too
     */
    synchronized long admit() {
        long now = nanoTime.getAsLong();
        if (now - second >= SECOND) {
            second = now;
            lines = 0;
        }
        if (lines == LINES_A_SECOND) {
            leftOut++;
            return -1;
        }
        lines++;
        long before = leftOut;
        leftOut = 0;
        return before;
    }
}
