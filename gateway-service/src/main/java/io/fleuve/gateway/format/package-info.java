/**
 * How keys and values look in JSON, and the bytes that they stand for. {@link
 * io.fleuve.gateway.format.EmbeddedFormat} is the main type. It must not know HTTP paths or Kafka
 * clients.
 */
@NullMarked
package io.fleuve.gateway.format;

import org.jspecify.annotations.NullMarked;
