/** Application logs as records of a topic. */
@NullMarked
package io.fleuve.logs;

import org.jspecify.annotations.NullMarked;
