@NullMarked
package io.fleuve.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
