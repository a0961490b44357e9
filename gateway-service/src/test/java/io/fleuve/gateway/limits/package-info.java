@NullMarked
package io.fleuve.gateway.limits;

import org.jspecify.annotations.NullMarked;
