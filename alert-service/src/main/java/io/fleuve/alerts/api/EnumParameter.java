package io.fleuve.alerts.api;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A query parameter that names one of a few states. */
final class EnumParameter {

    private EnumParameter() {}

    /** The constant of that name, whatever its case; null for an absent parameter. */
    static <E extends Enum<E>> @Nullable E parse(
            Class<E> type, String parameter, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(c -> c.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BadParameterException(
                                        parameter,
                                        "must be one of "
                                                + Arrays.toString(type.getEnumConstants())
                                                        .toLowerCase(Locale.ROOT)));
    }
}
