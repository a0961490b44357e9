package io.fleuve.alerts.alerts;

import io.fleuve.alerts.rules.Measure;
import java.time.Duration;
import java.time.Instant;

/** What was found of one region or sensor, as figures: the words for it are the messages' own. */
public sealed interface Finding {

    /** The figure that was found; always finite. */
    double value();

    /** The figure that it was compared with, in the same unit. */
    double limit();

    /** The unit of both, for people. */
    String unit();

    /** What the value is called, for people. */
    String name();

    /** The worse of this figure and another: what the peak of an episode becomes. */
    default double worse(double other) {
        return switch (this) {
            case Below _ -> Math.min(value(), other);
            case Above _, Silent _ -> Math.max(value(), other);
            case Changed _, Deviates _ -> Math.abs(value()) > Math.abs(other) ? value() : other;
        };
    }

    /** The value is compared with an upper bound. */
    record Above(Measure measure, double value, double limit) implements Finding {
        @Override
        public String unit() {
            return measure.unit();
        }

        @Override
        public String name() {
            return measure.label();
        }
    }

    /** The value is compared with a lower bound. */
    record Below(Measure measure, double value, double limit) implements Finding {
        @Override
        public String unit() {
            return measure.unit();
        }

        @Override
        public String name() {
            return measure.label();
        }
    }

    /**
     * How far a measure moved within a time.
     *
     * @param value signed: below zero if it fell
     * @param limit size of the change that counts, above zero
     */
    record Changed(Measure measure, double value, double limit, Duration within)
            implements Finding {
        @Override
        public String unit() {
            return measure.unit();
        }

        @Override
        public String name() {
            return "change of " + measure.label();
        }
    }

    /**
     * How far a measure is from what is usual in that month and hour.
     *
     * @param value signed difference from {@code normal}
     * @param limit size of the difference that counts, above zero
     * @param normal what is usual there and then
     */
    record Deviates(Measure measure, double value, double limit, double normal) implements Finding {
        @Override
        public String unit() {
            return measure.unit();
        }

        @Override
        public String name() {
            return "deviation of " + measure.label();
        }
    }

    /**
     * Nothing was heard.
     *
     * @param value minutes of silence when it was found
     * @param limit minutes that count as silence
     * @param lastHeardAt end of the last window that had readings (event time), or when the watch
     *     began if there was none
     */
    record Silent(double value, double limit, Instant lastHeardAt) implements Finding {
        @Override
        public String unit() {
            return "min";
        }

        @Override
        public String name() {
            return "silence";
        }
    }
}
