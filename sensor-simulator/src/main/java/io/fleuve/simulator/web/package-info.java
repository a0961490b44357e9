/**
 * Replay, simulation and scenarios over HTTP, a controller each. They turn requests into calls and
 * bad input into problem details; {@link io.fleuve.simulator.web.Sources} sees to it that one
 * source runs at a time, and nothing else is decided here.
 */
@NullMarked
package io.fleuve.simulator.web;

import org.jspecify.annotations.NullMarked;
