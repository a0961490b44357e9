/**
 * A PostgreSQL server that belongs to one JVM: real binaries, a data directory that is kept,
 * settings that survive power loss.
 *
 * <p>{@link io.fleuve.postgres.EmbeddedPostgres} is the door; everything else is how a server
 * process is unpacked, initialised, started and stopped. Nothing here knows Spring, JDBC or the
 * services that use the database.
 */
@NullMarked
package io.fleuve.postgres;

import org.jspecify.annotations.NullMarked;
