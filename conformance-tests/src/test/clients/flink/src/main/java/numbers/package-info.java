/**
 * A Flink job that copies numbers exactly once, with a count of each group of them. {@link numbers.CountedNumbers} is the
 * program. It must not know who kills it, or what.
 */
@NullMarked
package numbers;

import org.jspecify.annotations.NullMarked;
