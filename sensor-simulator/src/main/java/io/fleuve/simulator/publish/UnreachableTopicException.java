package io.fleuve.simulator.publish;

/** The topic does not answer for now. Nothing is lost; trying again later may succeed. */
public class UnreachableTopicException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreachableTopicException(String message, Throwable cause) {
        super(message, cause);
    }
}
