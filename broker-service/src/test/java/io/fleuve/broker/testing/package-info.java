/**
 * The broker's ports in memory, for tests of what stands on them.
 *
 * <p>{@link io.fleuve.broker.testing.InMemoryPartitionLogs} and {@link
 * io.fleuve.broker.testing.InMemoryClusterMetadata} keep the promises of the ports, save
 * durability.
 */
@NullMarked
package io.fleuve.broker.testing;

import org.jspecify.annotations.NullMarked;
