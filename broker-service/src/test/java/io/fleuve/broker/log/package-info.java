/** Tests of the log, with an in-memory sequencer that keeps the same contract as the real one. */
@NullMarked
package io.fleuve.broker.log;

import org.jspecify.annotations.NullMarked;
