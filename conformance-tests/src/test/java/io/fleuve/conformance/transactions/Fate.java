package io.fleuve.conformance.transactions;

import java.util.SplittableRandom;

/** What becomes of a transaction, if nothing else happens. */
enum Fate {
    COMMIT(70, "commit"),
    ABORT(15, "abort"),
    DIE(5, "its client dies before the commit"),
    DIE_IN_COMMIT(5, "its client dies in the commit"),
    ZOMBIE(4, "its client is fenced and comes back"),
    HANG(1, "it hangs until it times out");

    private static final int ALL = 100;

    private final int percent;
    private final String description;

    Fate(int percent, String description) {
        this.percent = percent;
        this.description = description;
    }

    String description() {
        return description;
    }

    static Fate of(SplittableRandom random) {
        int drawn = random.nextInt(ALL);
        for (Fate fate : values()) {
            drawn -= fate.percent;
            if (drawn < 0) {
                return fate;
            }
        }
        return COMMIT;
    }
}
