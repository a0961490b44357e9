package io.fleuve.gateway.read;

import io.swagger.v3.oas.annotations.Parameter;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How the API's document shows the parameters that all reads have. */
final class ReadParameters {

    private ReadParameters() {}

    /** {@code max_records}. */
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(description = "The most records to answer with.", example = "100")
    @interface MaxRecords {}

    /** {@code max_bytes}. */
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            description = "The most bytes of keys, values and headers; one record is always given.",
            example = "1048576")
    @interface MaxBytes {}

    /** {@code timeout}. */
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            description = "Milliseconds to wait for a first record when there is none yet.",
            example = "1000")
    @interface Timeout {}
}
