/**
 * Everything in one JVM: an embedded PostgreSQL and the four services, each a Spring context of its
 * own.
 *
 * <p>{@link io.fleuve.quickstart.Quickstart} starts and stops them in order; {@link
 * io.fleuve.quickstart.QuickstartApplication} is the program around it. The services know nothing
 * of each other here: they meet on TCP ports, as they do in a cluster.
 */
@NullMarked
package io.fleuve.quickstart;

import org.jspecify.annotations.NullMarked;
