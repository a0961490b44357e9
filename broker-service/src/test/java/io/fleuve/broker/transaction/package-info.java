/** Tests of the coordinator of transactions. */
@NullMarked
package io.fleuve.broker.transaction;

import org.jspecify.annotations.NullMarked;
