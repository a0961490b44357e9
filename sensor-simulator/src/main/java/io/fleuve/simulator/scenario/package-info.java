/**
 * What one can do to the weather and the sensors while they run. {@link
 * io.fleuve.simulator.scenario.ScenarioBoard} holds the scenarios that are on; sources ask it for
 * each reading. It must know neither the sources nor HTTP.
 */
@NullMarked
package io.fleuve.simulator.scenario;

import org.jspecify.annotations.NullMarked;
