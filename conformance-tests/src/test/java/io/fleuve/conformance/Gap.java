package io.fleuve.conformance;

import java.util.Arrays;

/**
 * What Fleuve does not do yet. A scenario listed here must differ: one that has come to agree is to
 * be taken off.
 */
enum Gap {
    TRANSACTION_FEATURE("the feature of transactions"),
    TRANSACTIONS("transactions committed and aborted"),
    TRANSACTIONAL_OFFSETS("offsets in transactions"),
    TRANSACTIONAL_FENCING("a second producer of one transactional id");

    private final String scenario;

    Gap(String scenario) {
        this.scenario = scenario;
    }

    String scenario() {
        return scenario;
    }

    static boolean contains(String scenario) {
        return Arrays.stream(values()).anyMatch(gap -> gap.scenario.equals(scenario));
    }
}
