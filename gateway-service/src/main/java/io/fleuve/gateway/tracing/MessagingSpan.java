package io.fleuve.gateway.tracing;

import io.micrometer.tracing.Span;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A span that is under way; it must be ended, by any thread. */
public final class MessagingSpan {

    static final MessagingSpan NONE = new MessagingSpan(null);

    private final @Nullable Span span;

    MessagingSpan(@Nullable Span span) {
        this.span = span;
    }

    /** Says how many records it is about, where there may be several. */
    public MessagingSpan count(int records) {
        if (span != null) {
            span.tag("messaging.batch.message_count", records);
        }
        return this;
    }

    /** Ends with the record where {@code metadata} says. */
    public void written(RecordMetadata metadata) {
        if (span != null) {
            span.tag("messaging.destination.partition.id", Integer.toString(metadata.partition()));
            if (metadata.hasOffset()) {
                span.tag("messaging.kafka.offset", metadata.offset());
            }
            span.end();
        }
    }

    /** Ends well. */
    public void done() {
        if (span != null) {
            span.end();
        }
    }

    /** Ends in failure. */
    public void failed(Throwable reason) {
        if (span != null) {
            Errors error = Errors.forException(reason);
            span.tag(
                    "error.type",
                    error == Errors.UNKNOWN_SERVER_ERROR
                            ? reason.getClass().getName()
                            : error.name());
            span.error(reason);
            span.end();
        }
    }

    /** Ends in a failure that is no exception. */
    public void refused(String type) {
        if (span != null) {
            span.tag("error.type", type).end();
        }
    }
}
