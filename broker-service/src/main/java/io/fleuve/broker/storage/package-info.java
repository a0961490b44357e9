/**
 * Where record bytes lie: the object-store port and its adapters.
 *
 * <p>{@link io.fleuve.broker.storage.ObjectStore} is the port, {@code DirectoryStore} keeps objects
 * as files. The package does not know what the bytes mean.
 */
@NullMarked
package io.fleuve.broker.storage;

import org.jspecify.annotations.NullMarked;
