/** Tests of whole brokers, and of what holds for all packages. */
@NullMarked
package io.fleuve.broker;

import org.jspecify.annotations.NullMarked;
