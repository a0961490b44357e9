@NullMarked
package io.fleuve.gateway.v3;

import org.jspecify.annotations.NullMarked;
