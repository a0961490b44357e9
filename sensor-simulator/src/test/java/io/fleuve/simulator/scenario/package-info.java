@NullMarked
package io.fleuve.simulator.scenario;

import org.jspecify.annotations.NullMarked;
