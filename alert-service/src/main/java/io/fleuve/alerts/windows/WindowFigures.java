package io.fleuve.alerts.windows;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The running figures of one window. A mutable value of bounded size that does not depend on the
 * order of its readings: sums are kept in twice the precision of a double (error-free
 * transformations, Dekker 1971, Knuth), so that the average is that of an exact sum; a percentile
 * is exact up to {@value #EXACT_VALUES} readings, and then that of a DDSketch, whose buckets,
 * unlike those of other sketches, are a function of the readings alone: what is published again
 * after a crash is the same.
 *
 * <p>Stored form, big-endian:
 *
 * <pre>
 *   count int64 | sum hi, lo float64 | sum of squares hi, lo float64 | min, max float64
 *   first time int64, value float64 | last time int64, value float64
 *   exact values int32 (-1: sketch), then each float64; or: length int32, sketch
 * </pre>
 */
public final class WindowFigures {

    /** Most readings of which percentiles are exact. */
    public static final int EXACT_VALUES = 128;

    private static final double SKETCH_ACCURACY = 0.005;
    private static final int SKETCH_BUCKETS = 2_048;
    private static final int FIXED_BYTES = 11 * Long.BYTES;

    private long count;
    private double sum;
    private double sumError;
    private double squares;
    private double squaresError;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private long firstMs = Long.MAX_VALUE;
    private double first;
    private long lastMs = Long.MIN_VALUE;
    private double last;
    private double[] values = new double[8];
    private @Nullable DDSketch sketch;

    /** Counts a reading. */
    public void add(long timeMs, double value) {
        addSum(value, 0);
        double square = value * value;
        addSquares(square, Math.fma(value, value, -square));
        min = Math.min(min, value);
        max = Math.max(max, value);
        includeFirst(timeMs, value);
        includeLast(timeMs, value);
        addValue(value, Math.toIntExact(Math.min(count, Integer.MAX_VALUE)));
        count++;
    }

    /** Counts what another window counted. */
    public void add(WindowFigures other) {
        addSum(other.sum, other.sumError);
        addSquares(other.squares, other.squaresError);
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        includeFirst(other.firstMs, other.first);
        includeLast(other.lastMs, other.last);
        if (other.sketch != null) {
            spill(Math.toIntExact(Math.min(count, EXACT_VALUES))).mergeWith(other.sketch);
            count += other.count;
        } else {
            for (int i = 0; i < other.count; i++) {
                addValue(other.values[i], Math.toIntExact(Math.min(count, Integer.MAX_VALUE)));
                count++;
            }
        }
    }

    public long count() {
        return count;
    }

    public double average() {
        return count == 0 ? Double.NaN : (sum + sumError) / count;
    }

    public double min() {
        return min;
    }

    public double max() {
        return max;
    }

    /** Standard deviation of the readings, divided by n. */
    public double standardDeviation() {
        if (count == 0) {
            return Double.NaN;
        }
        // sum of squares - sum² / n, in twice the precision: what cancels is exact
        double mean = sum / count;
        double meanRest = (Math.fma(-mean, count, sum) + sumError) / count;
        double product = sum * mean;
        double productRest = Math.fma(sum, mean, -product) + sum * meanRest + sumError * mean;
        double variance = (squares - product) + (squaresError - productRest);
        return Math.sqrt(Math.max(0, variance / count));
    }

    /** Last minus first an hour; NaN if all were observed at one instant. */
    public double changePerHour() {
        return count == 0 || lastMs == firstMs
                ? Double.NaN
                : (last - first) * 3_600_000.0 / (lastMs - firstMs);
    }

    /**
     * The value at the nearest rank: the smallest such that {@code share} of the readings are not
     * above it.
     */
    public double percentile(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        if (sketch != null) {
            // The sketch counts ranks from 0 to n - 1; the half keeps rounding off the neighbour.
            double rank = Math.max(0, Math.ceil(share * count) - 1) + 0.5;
            return Math.clamp(sketch.getValueAtQuantile(Math.min(1, rank / (count - 1))), min, max);
        }
        double[] sorted = Arrays.copyOf(values, (int) count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * count) - 1)];
    }

    /** The same figures, to be changed on their own. */
    public WindowFigures copy() {
        WindowFigures copy = new WindowFigures();
        copy.add(this);
        return copy;
    }

    private void addSum(double value, double rest) {
        double total = sum + value;
        double part = total - sum;
        sumError += (sum - (total - part)) + (value - part) + rest;
        sum = total;
        double renormalised = sum + sumError;
        sumError -= renormalised - sum;
        sum = renormalised;
    }

    private void addSquares(double value, double rest) {
        double total = squares + value;
        double part = total - squares;
        squaresError += (squares - (total - part)) + (value - part) + rest;
        squares = total;
        double renormalised = squares + squaresError;
        squaresError -= renormalised - squares;
        squares = renormalised;
    }

    /** Of readings of one instant the lowest stands for it, in whatever order they came. */
    private void includeFirst(long timeMs, double value) {
        if (timeMs < firstMs || (timeMs == firstMs && value < first)) {
            firstMs = timeMs;
            first = value;
        }
    }

    private void includeLast(long timeMs, double value) {
        if (timeMs > lastMs || (timeMs == lastMs && value < last)) {
            lastMs = timeMs;
            last = value;
        }
    }

    private void addValue(double value, int kept) {
        if (sketch != null) {
            sketch.accept(value);
        } else if (kept < EXACT_VALUES) {
            if (kept == values.length) {
                values = Arrays.copyOf(values, Math.min(EXACT_VALUES, kept * 2));
            }
            values[kept] = value;
        } else {
            spill(kept).accept(value);
        }
    }

    private DDSketch spill(int kept) {
        DDSketch current = sketch;
        if (current == null) {
            current = emptySketch();
            for (int i = 0; i < kept; i++) {
                current.accept(values[i]);
            }
            sketch = current;
            values = new double[0];
        }
        return current;
    }

    private static DDSketch emptySketch() {
        return DDSketches.logarithmicCollapsingLowestDense(SKETCH_ACCURACY, SKETCH_BUCKETS);
    }

    /** The stored form. */
    byte[] encoded() {
        byte[] sketched = sketch == null ? new byte[0] : encode(sketch);
        int rest = sketch == null ? (int) count * Double.BYTES : Integer.BYTES + sketched.length;
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + Integer.BYTES + rest);
        out.putLong(count).putDouble(sum).putDouble(sumError);
        out.putDouble(squares).putDouble(squaresError).putDouble(min).putDouble(max);
        out.putLong(firstMs).putDouble(first).putLong(lastMs).putDouble(last);
        if (sketch == null) {
            out.putInt((int) count);
            for (int i = 0; i < count; i++) {
                out.putDouble(values[i]);
            }
        } else {
            out.putInt(-1).putInt(sketched.length).put(sketched);
        }
        return out.array();
    }

    static WindowFigures decode(ByteBuffer in) {
        WindowFigures figures = new WindowFigures();
        figures.count = in.getLong();
        figures.sum = in.getDouble();
        figures.sumError = in.getDouble();
        figures.squares = in.getDouble();
        figures.squaresError = in.getDouble();
        figures.min = in.getDouble();
        figures.max = in.getDouble();
        figures.firstMs = in.getLong();
        figures.first = in.getDouble();
        figures.lastMs = in.getLong();
        figures.last = in.getDouble();
        int exact = in.getInt();
        if (exact >= 0) {
            figures.values = new double[Math.max(8, exact)];
            for (int i = 0; i < exact; i++) {
                figures.values[i] = in.getDouble();
            }
        } else {
            byte[] bytes = new byte[in.getInt()];
            in.get(bytes);
            figures.values = new double[0];
            figures.sketch = decodeSketch(bytes);
        }
        return figures;
    }

    private static byte[] encode(DDSketch sketch) {
        try {
            GrowingByteArrayOutput out = GrowingByteArrayOutput.withDefaultInitialCapacity();
            sketch.encode(out, false);
            return out.trimmedCopy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DDSketch decodeSketch(byte[] bytes) {
        try {
            return DDSketch.decode(
                    ByteArrayInput.wrap(bytes),
                    () -> new CollapsingLowestDenseStore(SKETCH_BUCKETS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
