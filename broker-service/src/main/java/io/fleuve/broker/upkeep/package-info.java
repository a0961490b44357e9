/**
 * What keeps logs in shape, in the background: merging of small pieces, retention, compaction,
 * removal of what nobody refers to.
 *
 * <p>{@link io.fleuve.broker.upkeep.Upkeep} is the thread that does it, {@link
 * io.fleuve.broker.upkeep.PieceCatalog} the port to the database, through which the brokers of a
 * cluster share the work. The package knows neither requests nor Kafka's record classes.
 */
@NullMarked
package io.fleuve.broker.upkeep;

import org.jspecify.annotations.NullMarked;
