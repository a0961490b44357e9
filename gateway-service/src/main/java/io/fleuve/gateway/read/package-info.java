/**
 * Stateless reads: {@link io.fleuve.gateway.read.RecordsController} answers "what is in this
 * partition from here on" without a consumer instance, and always says where to go on. It must not
 * know the other APIs.
 */
@NullMarked
package io.fleuve.gateway.read;

import org.jspecify.annotations.NullMarked;
