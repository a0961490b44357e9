/**
 * The examples of Confluent's and Strimzi's documentation, as data: what is sent, and what is to
 * come back. {@link io.fleuve.gateway.examples.Examples} reads them and tries them out on any
 * gateway; it must not know who stands behind it.
 */
@NullMarked
package io.fleuve.gateway.examples;

import org.jspecify.annotations.NullMarked;
