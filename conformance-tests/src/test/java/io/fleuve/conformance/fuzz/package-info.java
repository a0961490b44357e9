/**
 * Malformed requests by the hundred thousand: valid requests of every API and version, broken in
 * one way each, over real sockets. {@link io.fleuve.conformance.fuzz.FuzzRun} is where to start. It
 * must not know how the broker works inside, only what it must not do: die, leak, or fail.
 */
@NullMarked
package io.fleuve.conformance.fuzz;

import org.jspecify.annotations.NullMarked;
