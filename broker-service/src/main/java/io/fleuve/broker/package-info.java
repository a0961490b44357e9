/**
 * The broker as an application: configuration and the wiring of its parts.
 *
 * <p>Requests go one way: {@code network} frames them, {@code protocol} decodes and answers them,
 * with the help of {@code coordinator} (groups), {@code log} (records) and {@code metadata}
 * (topics, brokers, leaders). Adapters to PostgreSQL and to the object store stand at the end of
 * the way and are known to this package alone.
 */
@NullMarked
package io.fleuve.broker;

import org.jspecify.annotations.NullMarked;
