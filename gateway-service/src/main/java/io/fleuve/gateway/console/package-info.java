/**
 * The web console: {@link io.fleuve.gateway.console.ConsoleController} serves the page, {@link
 * io.fleuve.gateway.console.Telemetry} watches the cluster once for all browsers that look at it.
 * What the page changes it changes through the public APIs, so nothing here may know them.
 */
@NullMarked
package io.fleuve.gateway.console;

import org.jspecify.annotations.NullMarked;
