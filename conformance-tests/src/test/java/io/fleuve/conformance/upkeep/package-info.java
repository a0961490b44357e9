/** What the broker does in the background, as clients see it. */
@NullMarked
package io.fleuve.conformance.upkeep;

import org.jspecify.annotations.NullMarked;
