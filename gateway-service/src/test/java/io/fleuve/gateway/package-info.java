/** Tests of the gateway as a whole: over real HTTP, against a real broker. */
@NullMarked
package io.fleuve.gateway;

import org.jspecify.annotations.NullMarked;
