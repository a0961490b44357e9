package io.fleuve.alerts.windows;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One window of a series, open or published. The figures are never changed while a window holds
 * them.
 *
 * @param startMs first millisecond of the window
 * @param endMs first millisecond after it
 * @param revision 0 until late readings revise it
 */
public record Window(long startMs, long endMs, int revision, WindowFigures figures) {

    static Window first(WindowShape.Span span, int revision, long timeMs, double value) {
        WindowFigures figures = new WindowFigures();
        figures.add(timeMs, value);
        return new Window(span.startMs(), span.endMs(), revision, figures);
    }

    Window plus(long timeMs, double value, int nextRevision) {
        WindowFigures sum = figures.copy();
        sum.add(timeMs, value);
        return new Window(startMs, endMs, nextRevision, sum);
    }

    Window mergedWith(Window other) {
        WindowFigures sum = figures.copy();
        sum.add(other.figures);
        return new Window(
                Math.min(startMs, other.startMs), Math.max(endMs, other.endMs), revision, sum);
    }

    /** What is published of it. */
    public WindowResult toResult(String aggregation, String region, @Nullable String sensor) {
        return new WindowResult(
                aggregation,
                region,
                sensor,
                Instant.ofEpochMilli(startMs),
                Instant.ofEpochMilli(endMs),
                figures.count(),
                figures.average(),
                figures.min(),
                figures.max(),
                figures.standardDeviation(),
                figures.changePerHour(),
                figures.percentile(0.5),
                figures.percentile(0.9),
                figures.percentile(0.95),
                figures.percentile(0.99),
                revision);
    }
}
