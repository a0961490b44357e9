/** Tests of the adapters to PostgreSQL, on a real server. */
@NullMarked
package io.fleuve.broker.postgres;

import org.jspecify.annotations.NullMarked;
