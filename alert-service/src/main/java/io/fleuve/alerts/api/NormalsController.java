package io.fleuve.alerts.api;

import io.fleuve.alerts.readings.RegionName;
import io.fleuve.alerts.store.NormalsBook;
import io.fleuve.alerts.store.NormalsBook.Normal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is usual in each region, by month and hour (UTC). */
@RestController
@RequestMapping("/normals")
@Tag(name = "normals", description = "What is usual in a region by month and hour (UTC)")
class NormalsController {

    private static final int SLOTS = 12 * 24;

    private final NormalsBook normals;
    private final InstantSource clock;

    NormalsController(NormalsBook normals, InstantSource clock) {
        this.normals = normals;
        this.clock = clock;
    }

    /** What is usual in one month and hour, as someone supplies it. */
    record NormalDraft(@Nullable Integer month, @Nullable Integer hour, @Nullable Double celsius) {}

    /** The recorded time to compute from; absent means all of it. */
    record ComputeRequest(@Nullable String from, @Nullable String to) {}

    @GetMapping("/{region}")
    @Operation(summary = "What is known of a region; windows is 0 where someone supplied it")
    List<Normal> list(@PathVariable String region) {
        return normals.list(region);
    }

    @PutMapping("/{region}")
    @Operation(
            summary =
                    "Supplies what is usual; months and hours that are not named stay as they are",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            examples =
                                                    @ExampleObject(
                                                            "[{\"month\": 5, \"hour\": 13, \"celsius\": 27.4}]"))))
    List<Normal> supply(@PathVariable String region, @RequestBody List<NormalDraft> drafts) {
        if (!RegionName.isUsable(region)) {
            throw new BadParameterException("region", "must name a region");
        }
        if (drafts.isEmpty() || drafts.size() > SLOTS) {
            throw new BadParameterException(
                    "body", "must be a list of 1 to %d normals".formatted(SLOTS));
        }
        List<Normal> supplied = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            supplied.add(checked(region, "[%d]".formatted(i), drafts.get(i)));
        }
        normals.supply(supplied);
        return normals.list(region);
    }

    @PostMapping("/compute")
    @Operation(
            summary = "Computes what is usual in all regions from recorded windows",
            description =
                    "Replaces what was known of the months and hours that the recording covers.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            examples =
                                                    @ExampleObject(
                                                            "{\"from\": \"2024-01-01T00:00:00Z\", \"to\": \"2025-01-01T00:00:00Z\"}"))))
    Map<String, Integer> compute(@RequestBody ComputeRequest request) {
        Instant from = InstantParameter.parse("from", request.from(), Instant.EPOCH);
        Instant to = InstantParameter.parse("to", request.to(), clock.instant());
        if (!from.isBefore(to)) {
            throw new BadParameterException("from", "must lie before to (%s)".formatted(to));
        }
        return Map.of("normals", normals.compute(from, to));
    }

    private static Normal checked(String region, String at, @Nullable NormalDraft draft) {
        Integer month = draft == null ? null : draft.month();
        Integer hour = draft == null ? null : draft.hour();
        Double celsius = draft == null ? null : draft.celsius();
        if (month == null || month < 1 || month > 12) {
            throw new BadParameterException(at + ".month", "must lie between 1 and 12");
        }
        if (hour == null || hour < 0 || hour > 23) {
            throw new BadParameterException(at + ".hour", "must lie between 0 and 23 (UTC)");
        }
        if (celsius == null || !Double.isFinite(celsius) || Math.abs(celsius) > 1_000) {
            throw new BadParameterException(at + ".celsius", "must be a temperature in °C");
        }
        return new Normal(region, month, hour, celsius, 0);
    }
}
