package io.fleuve.simulator.web;

/** The other source runs. The message says how to stop it. */
class SourceBusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SourceBusyException(String message) {
        super(message);
    }
}
