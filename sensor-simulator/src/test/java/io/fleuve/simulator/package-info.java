@NullMarked
package io.fleuve.simulator;

import org.jspecify.annotations.NullMarked;
