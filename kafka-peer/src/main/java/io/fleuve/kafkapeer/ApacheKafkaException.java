package io.fleuve.kafkapeer;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Apache Kafka did not start or stop; the message holds the end of its log. */
public final class ApacheKafkaException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    ApacheKafkaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
