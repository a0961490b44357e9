package io.fleuve.simulator.source;

/**
 * Recorded data that cannot be replayed. The message says in which file, in which line, and what
 * was expected.
 */
public class InvalidReadingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidReadingsException(String message) {
        super(message);
    }
}
