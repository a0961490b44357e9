/** Tests of the package of the same name. */
@NullMarked
package io.fleuve.gateway.tracing;

import org.jspecify.annotations.NullMarked;
