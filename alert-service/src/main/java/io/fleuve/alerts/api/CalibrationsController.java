package io.fleuve.alerts.api;

import io.fleuve.alerts.readings.Calibration;
import io.fleuve.alerts.store.CalibrationBook;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Pageable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Calibrations of sensors; a change holds for readings that are read some seconds later. */
@RestController
@RequestMapping("/calibrations")
class CalibrationsController {

    private final CalibrationBook calibrations;

    CalibrationsController(CalibrationBook calibrations) {
        this.calibrations = calibrations;
    }

    /** A calibration as it is written: no offset is 0, no gain is 1, no time is since ever. */
    record CalibrationDraft(
            @Nullable String sensor,
            @Nullable Double offset,
            @Nullable Double gain,
            @Nullable Instant validFrom) {}

    record CalibrationView(UUID id, String sensor, double offset, double gain, Instant validFrom) {

        static CalibrationView of(CalibrationBook.Kept kept) {
            Calibration calibration = kept.calibration();
            return new CalibrationView(
                    kept.id(),
                    calibration.sensor(),
                    calibration.offset(),
                    calibration.gain(),
                    calibration.validFrom());
        }
    }

    @GetMapping
    List<CalibrationView> list(
            @RequestParam(required = false) @Nullable String sensor,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        Pageable wanted = Paging.request(page, size);
        return calibrations
                .find(sensor, wanted.getPageSize(), Math.toIntExact(wanted.getOffset()))
                .stream()
                .map(CalibrationView::of)
                .toList();
    }

    @PostMapping
    ResponseEntity<?> keep(@RequestBody CalibrationDraft draft) {
        Calibration calibration;
        try {
            calibration =
                    new Calibration(
                            Objects.requireNonNullElse(draft.sensor(), ""),
                            Objects.requireNonNullElse(draft.offset(), 0.0),
                            Objects.requireNonNullElse(draft.gain(), 1.0),
                            Objects.requireNonNullElse(draft.validFrom(), Instant.EPOCH));
        } catch (IllegalArgumentException e) {
            return Problems.badRequest(String.valueOf(e.getMessage()));
        }
        return calibrations
                .keep(calibration)
                .<ResponseEntity<?>>map(
                        kept ->
                                ResponseEntity.created(URI.create("/calibrations/" + kept.id()))
                                        .body(CalibrationView.of(kept)))
                .orElseGet(
                        () ->
                                Problems.conflict(
                                        "there are as many calibrations as there may be:"
                                                + " fleuve.alerts.windows.max-calibrations"));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<?> remove(@PathVariable UUID id) {
        return calibrations.remove(id)
                ? ResponseEntity.noContent().build()
                : Problems.notFound("calibration", id);
    }
}
