/**
 * Faults by a seeded schedule, under the load of producers and consumers, and an audit of
 * everything that was acknowledged and read. {@link io.fleuve.conformance.faults.FaultRun} is where
 * to start. It must not know how the broker works inside, only what it promises.
 */
@NullMarked
package io.fleuve.conformance.faults;

import org.jspecify.annotations.NullMarked;
