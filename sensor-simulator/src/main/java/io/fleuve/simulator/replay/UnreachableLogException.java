package io.fleuve.simulator.replay;

/** The log does not answer for now. Nothing is lost; trying again later may succeed. */
public class UnreachableLogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreachableLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
