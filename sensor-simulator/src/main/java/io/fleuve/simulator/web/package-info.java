/**
 * The replay over HTTP. {@link io.fleuve.simulator.web.ReplayController} is the whole of it; it
 * turns requests into calls and bad input into problem details, and decides nothing.
 */
@NullMarked
package io.fleuve.simulator.web;

import org.jspecify.annotations.NullMarked;
