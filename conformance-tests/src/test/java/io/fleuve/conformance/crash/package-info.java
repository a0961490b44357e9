/**
 * Fleuve under kills. {@link io.fleuve.conformance.crash.BrokerCrashIT} ends processes with SIGKILL
 * while producers write, and then holds the log against what was acknowledged. It must not know how
 * a broker keeps its promise.
 */
@NullMarked
package io.fleuve.conformance.crash;

import org.jspecify.annotations.NullMarked;
