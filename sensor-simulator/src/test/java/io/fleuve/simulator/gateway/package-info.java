@NullMarked
package io.fleuve.simulator.gateway;

import org.jspecify.annotations.NullMarked;
