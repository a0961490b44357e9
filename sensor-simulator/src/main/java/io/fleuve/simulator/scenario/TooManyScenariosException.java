package io.fleuve.simulator.scenario;

/** As many scenarios as may be are waiting or on. The message says what to do. */
public class TooManyScenariosException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyScenariosException(int bound) {
        super("%d scenarios wait or are on, and no more may be; delete one first".formatted(bound));
    }
}
