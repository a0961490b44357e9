package io.fleuve.alerts.readings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** In what a temperature is given. */
enum TemperatureUnit {
    CELSIUS("celsius", List.of("c", "°c", "cel", "celsius")) {
        @Override
        double toCelsius(double value) {
            return value;
        }
    },
    FAHRENHEIT("fahrenheit", List.of("f", "°f", "[degf]", "fahrenheit")) {
        @Override
        double toCelsius(double value) {
            return (value - 32) * 5 / 9;
        }
    },
    KELVIN("kelvin", List.of("k", "kelvin")) {
        @Override
        double toCelsius(double value) {
            return value - 273.15;
        }
    };

    private final String field;
    private final List<String> names;

    TemperatureUnit(String field, List<String> names) {
        this.field = field;
        this.names = names;
    }

    abstract double toCelsius(double value);

    /** The field of a reading whose name says the unit. */
    String field() {
        return field;
    }

    /** The unit of a name, a symbol or a UCUM code, in any case. */
    static Optional<TemperatureUnit> ofName(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        for (TemperatureUnit unit : values()) {
            if (unit.names.contains(wanted)) {
                return Optional.of(unit);
            }
        }
        return Optional.empty();
    }
}
