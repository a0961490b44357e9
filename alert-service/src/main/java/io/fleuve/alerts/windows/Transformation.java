package io.fleuve.alerts.windows;

/** What is done to each reading: {@code scale × celsius + offset}. */
public record Transformation(double scale, double offset) {

    /** Leaves readings as they are. */
    public static final Transformation IDENTITY = new Transformation(1, 0);
}
