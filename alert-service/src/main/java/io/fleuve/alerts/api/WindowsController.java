package io.fleuve.alerts.api;

import io.fleuve.alerts.store.WindowQueries;
import io.fleuve.alerts.windows.Aggregation;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The results of windows that have closed, oldest first. Every instance answers for all. */
@RestController
@RequestMapping("/windows")
class WindowsController {

    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final WindowQueries windows;

    WindowsController(WindowQueries windows) {
        this.windows = windows;
    }

    @GetMapping
    ResponseEntity<List<WindowView>> list(
            @RequestParam(defaultValue = Aggregation.DEFAULT_ID) String aggregation,
            @RequestParam(required = false) @Nullable String region,
            @RequestParam(required = false) @Nullable String sensor,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        Instant earliest = instant("from", from, Instant.EPOCH);
        Instant latest = instant("to", to, LATEST);
        if (!earliest.isBefore(latest)) {
            throw new BadParameterException("from", "must lie before to");
        }
        return Paging.answer(
                windows.find(
                        new WindowQueries.Wanted(aggregation, region, sensor, earliest, latest),
                        Paging.request(page, size)),
                WindowView::of);
    }

    private static Instant instant(String name, @Nullable String text, Instant otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            Instant given = OffsetDateTime.parse(text).toInstant();
            if (!given.isBefore(Instant.EPOCH) && !given.isAfter(LATEST)) {
                return given;
            }
        } catch (DateTimeException e) {
            // the same answer as for a time out of bounds
        }
        throw new BadParameterException(
                name, "must be an instant from 1970 on such as 2024-05-01T13:00:00Z");
    }
}
