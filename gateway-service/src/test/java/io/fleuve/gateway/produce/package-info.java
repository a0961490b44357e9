@NullMarked
package io.fleuve.gateway.produce;

import org.jspecify.annotations.NullMarked;
