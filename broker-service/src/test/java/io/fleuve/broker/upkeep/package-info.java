@NullMarked
package io.fleuve.broker.upkeep;

import org.jspecify.annotations.NullMarked;
