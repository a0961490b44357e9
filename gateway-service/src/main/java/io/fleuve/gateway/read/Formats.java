package io.fleuve.gateway.read;

import io.fleuve.gateway.format.EmbeddedFormat;

/** How keys and how values are shown. */
record Formats(EmbeddedFormat key, EmbeddedFormat value) {

    /** One format for both. */
    static Formats both(EmbeddedFormat format) {
        return new Formats(format, format);
    }
}
