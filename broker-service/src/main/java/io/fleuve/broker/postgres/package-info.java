/**
 * The order of things, in PostgreSQL: offsets, topics, brokers, leaders, producer state.
 *
 * <p>The adapters behind the ports of {@code log} and {@code metadata}. Administrative rows are
 * entities with Spring Data repositories; the commit path is one SQL function called through JDBC.
 */
@NullMarked
package io.fleuve.broker.postgres;

import org.jspecify.annotations.NullMarked;
