package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.Finding;
import io.fleuve.alerts.rules.Measure;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The columns of a {@link Finding}, except its value. */
@Embeddable
public class FindingColumns {

    private enum Kind {
        ABOVE,
        BELOW,
        CHANGED,
        DEVIATES,
        SILENT
    }

    @Enumerated(EnumType.STRING)
    @Column(name = "finding", columnDefinition = "text")
    private Kind kind;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    private Measure measure;

    private double bound;
    private @Nullable Double normal;
    private @Nullable Long withinMs;
    private @Nullable Instant lastHeardAt;

    /** For JPA. */
    protected FindingColumns() {}

    FindingColumns(Finding finding) {
        bound = finding.limit();
        measure = Measure.COUNT;
        switch (finding) {
            case Finding.Above above -> set(Kind.ABOVE, above.measure());
            case Finding.Below below -> set(Kind.BELOW, below.measure());
            case Finding.Changed changed -> {
                set(Kind.CHANGED, changed.measure());
                withinMs = changed.within().toMillis();
            }
            case Finding.Deviates deviates -> {
                set(Kind.DEVIATES, deviates.measure());
                normal = deviates.normal();
            }
            case Finding.Silent silent -> {
                kind = Kind.SILENT;
                lastHeardAt = silent.lastHeardAt();
            }
        }
    }

    private void set(Kind which, Measure of) {
        kind = which;
        measure = of;
    }

    Finding toFinding(double value) {
        return switch (kind) {
            case ABOVE -> new Finding.Above(measure, value, bound);
            case BELOW -> new Finding.Below(measure, value, bound);
            case CHANGED ->
                    new Finding.Changed(
                            measure,
                            value,
                            bound,
                            Duration.ofMillis(withinMs == null ? 0 : withinMs));
            case DEVIATES ->
                    new Finding.Deviates(measure, value, bound, normal == null ? 0 : normal);
            case SILENT ->
                    new Finding.Silent(
                            value, bound, lastHeardAt == null ? Instant.EPOCH : lastHeardAt);
        };
    }
}
