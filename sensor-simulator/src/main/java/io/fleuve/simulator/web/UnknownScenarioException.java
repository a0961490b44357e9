package io.fleuve.simulator.web;

/** There is no scenario of this id. */
class UnknownScenarioException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownScenarioException(String id) {
        super("there is no scenario '%s'; GET /scenarios lists those that there are".formatted(id));
    }
}
