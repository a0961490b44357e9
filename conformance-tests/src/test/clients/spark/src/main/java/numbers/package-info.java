/**
 * A Spark job that reads what transactions have committed, as a stream and as a table. {@link numbers.CommittedNumbers}
 * is the program. It must not know who writes the transactions.
 */
@NullMarked
package numbers;

import org.jspecify.annotations.NullMarked;
