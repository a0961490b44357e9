package io.fleuve.simulator.web;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.fleuve.simulator.scenario.Scenario;
import io.fleuve.simulator.scenario.Scope;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** The body of a new scenario. Fields that do not belong to its type are refused. */
@Schema(
        name = "NewScenario",
        example =
                """
                {"type": "heat-wave", "regions": ["dakar"], "degrees": 12, "duration": "3d"}""")
record ScenarioRequest(
        @Schema(
                        allowableValues = {"heat-wave", "cold-snap", "silence", "burst"},
                        requiredMode = Schema.RequiredMode.REQUIRED)
                @Nullable String type,
        @Schema(description = "Which regions; without any, all") @Nullable List<String> regions,
        @Schema(description = "Which sensors of these regions; without any, all")
                @Nullable List<String> sensors,
        @Schema(
                        description = "Heat wave and cold snap: how many degrees warmer or colder",
                        example = "12")
                @Nullable Double degrees,
        @Schema(
                        description =
                                "Heat wave and cold snap: how long it takes to reach its height, and to end;"
                                        + " without it three hours, or a quarter of a short one",
                        example = "3h")
                @Nullable String ramp,
        @Schema(description = "Burst: how many times as many readings a second", example = "10")
                @Nullable Double factor,
        @Schema(
                        description =
                                "How long it lasts, such as 90m, 3d or PT6H: by the clock for a burst, in the time"
                                        + " of the readings for all others",
                        requiredMode = Schema.RequiredMode.REQUIRED,
                        example = "3d")
                @Nullable String duration,
        @Schema(description = "The time of readings at which it begins; without it, at once")
                @Nullable String startsAt,
        @JsonAnySetter @Schema(hidden = true) Map<String, Object> others) {

    private static final Duration USUAL_RAMP = Duration.ofHours(3);

    /**
     * The scenario that is asked for.
     *
     * @throws IllegalArgumentException saying what is wrong, and what to send instead
     */
    Scenario scenario() {
        if (type == null) {
            throw new IllegalArgumentException(
                    "type is missing; give heat-wave, cold-snap, silence or burst");
        }
        return switch (type) {
            case "heat-wave" -> {
                refuseOthers(Set.of("regions", "sensors", "degrees", "ramp", "startsAt"));
                yield new Scenario.HeatWave(scope(), requiredDegrees(), ramp(lasts()), lasts());
            }
            case "cold-snap" -> {
                refuseOthers(Set.of("regions", "sensors", "degrees", "ramp", "startsAt"));
                yield new Scenario.ColdSnap(scope(), requiredDegrees(), ramp(lasts()), lasts());
            }
            case "silence" -> {
                refuseOthers(Set.of("regions", "sensors", "startsAt"));
                yield new Scenario.Silence(scope(), lasts());
            }
            case "burst" -> {
                refuseOthers(Set.of("factor"));
                if (factor == null) {
                    throw new IllegalArgumentException(
                            "factor is missing; give how many times as many readings, such as 10");
                }
                yield new Scenario.Burst(factor, lasts());
            }
            default ->
                    throw new IllegalArgumentException(
                            "type must be heat-wave, cold-snap, silence or burst, not '"
                                    + type
                                    + "'");
        };
    }

    /** The time of readings at which it begins, if it is given. */
    @Nullable Instant from() {
        if (startsAt == null) {
            return null;
        }
        try {
            return Instant.parse(startsAt);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "startsAt must be a UTC time such as 2024-05-01T13:00:00Z, not '%s'"
                            .formatted(startsAt),
                    e);
        }
    }

    Scope scope() {
        return new Scope(names("regions", regions), names("sensors", sensors));
    }

    private static Set<String> names(String field, @Nullable List<@Nullable String> given) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : given == null ? List.<@Nullable String>of() : given) {
            if (name == null || name.isBlank()) {
                throw new IllegalArgumentException(field + " must hold names, none of them blank");
            }
            names.add(name);
        }
        return names;
    }

    private double requiredDegrees() {
        if (degrees == null) {
            throw new IllegalArgumentException(
                    "degrees is missing; give how many degrees Celsius, such as 12");
        }
        return degrees;
    }

    private Duration lasts() {
        if (duration == null) {
            throw new IllegalArgumentException("duration is missing; give one such as 90m or 3d");
        }
        return parse("duration", duration);
    }

    private Duration ramp(Duration lasts) {
        if (ramp != null) {
            return parse("ramp", ramp);
        }
        Duration quarter = lasts.dividedBy(4);
        return quarter.compareTo(USUAL_RAMP) < 0 ? quarter : USUAL_RAMP;
    }

    private static Duration parse(String field, String text) {
        try {
            return DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "%s must be a duration such as 90m, 3d or PT6H, not '%s'"
                            .formatted(field, text),
                    e);
        }
    }

    private void refuseOthers(Set<String> own) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("regions", regions);
        given.put("sensors", sensors);
        given.put("degrees", degrees);
        given.put("ramp", ramp);
        given.put("factor", factor);
        given.put("startsAt", startsAt);
        given.forEach(
                (field, value) -> {
                    if (value != null && !own.contains(field)) {
                        throw new IllegalArgumentException(
                                "%s does not belong to a %s".formatted(field, type));
                    }
                });
        if (others != null && !others.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no field '%s'; a %s has duration%s"
                            .formatted(
                                    others.keySet().iterator().next(),
                                    type,
                                    own.stream()
                                            .sorted()
                                            .map(field -> ", " + field)
                                            .reduce("", String::concat)));
        }
    }
}
