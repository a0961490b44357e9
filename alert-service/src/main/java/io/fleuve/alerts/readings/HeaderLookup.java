package io.fleuve.alerts.readings;

import org.jspecify.annotations.Nullable;

/** The headers of a record. */
@FunctionalInterface
public interface HeaderLookup {

    /** No headers. */
    HeaderLookup NONE = _ -> null;

    /** The last value of a header, or null. */
    byte @Nullable [] lastValue(String name);
}
