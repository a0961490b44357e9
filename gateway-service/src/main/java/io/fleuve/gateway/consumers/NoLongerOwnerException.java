package io.fleuve.gateway.consumers;

/** Ends an operation on an instance that has another owner by now, or none. It carries no stack. */
final class NoLongerOwnerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoLongerOwnerException(InstanceId id) {
        super("the consumer instance " + id + " is no longer run here", null, false, false);
    }
}
