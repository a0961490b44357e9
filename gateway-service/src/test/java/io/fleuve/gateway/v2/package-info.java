@NullMarked
package io.fleuve.gateway.v2;

import org.jspecify.annotations.NullMarked;
