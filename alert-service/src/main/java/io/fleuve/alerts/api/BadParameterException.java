package io.fleuve.alerts.api;

/** A query parameter that cannot be used, and why. */
final class BadParameterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadParameterException(String parameter, String problem) {
        super("the parameter %s %s".formatted(parameter, problem));
    }
}
