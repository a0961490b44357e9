/**
 * Puts the gateway together: {@link io.fleuve.gateway.config.GatewayProperties} and the
 * configurations that make beans of the engine's classes. Nothing else may know this package.
 */
@NullMarked
package io.fleuve.gateway.config;

import org.jspecify.annotations.NullMarked;
