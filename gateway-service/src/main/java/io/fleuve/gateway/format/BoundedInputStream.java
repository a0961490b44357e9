package io.fleuve.gateway.format;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A request body that may not grow without limit. The limit counts from the last {@link
 * #restart()}, so that it can hold for each record of a stream that itself has no end.
 */
public final class BoundedInputStream extends FilterInputStream {

    private final long limitBytes;
    private final String what;
    private long sinceRestart;
    private long total;

    /**
     * @param what how the refusal names the thing that is too large, such as {@code request body}
     */
    public BoundedInputStream(InputStream in, long limitBytes, String what) {
        super(in);
        this.limitBytes = limitBytes;
        this.what = what;
    }

    /** Starts the next thing that has the limit to itself. */
    public void restart() {
        sinceRestart = 0;
    }

    /** Bytes read since the start. */
    public long totalBytes() {
        return total;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            count(1);
        }
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        if (read > 0) {
            count(read);
        }
        return read;
    }

    private void count(int bytes) {
        total += bytes;
        sinceRestart += bytes;
        if (sinceRestart > limitBytes) {
            throw new RestException(
                    RestError.tooLarge(
                            "The %s is larger than the allowed %d bytes."
                                    .formatted(what, limitBytes)));
        }
    }
}
