package io.fleuve.alerts.windows;

/** What is done to each reading before it is counted: {@code scale × celsius + offset}. */
public record Transformation(double scale, double offset) {

    /** Leaves readings as they are. */
    public static final Transformation IDENTITY = new Transformation(1, 0);

    public Transformation {
        if (!Double.isFinite(scale) || !Double.isFinite(offset)) {
            throw new IllegalArgumentException(
                    "a transformation needs finite numbers, not %s and %s"
                            .formatted(scale, offset));
        }
    }

    /** The transformed value. */
    public double apply(double celsius) {
        return equals(IDENTITY) ? celsius : scale * celsius + offset;
    }
}
