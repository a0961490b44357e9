/**
 * The REST interface: rules, alerts and notifications as JSON, errors as problem details (RFC
 * 9457). It reads and writes through {@code store}; topics and channels are unknown to it.
 */
@NullMarked
package io.fleuve.alerts.api;

import org.jspecify.annotations.NullMarked;
