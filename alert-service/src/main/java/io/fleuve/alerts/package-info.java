/**
 * The alert service: averages readings by region, raises alerts and tells people. Only wiring and
 * configuration live here; {@link io.fleuve.alerts.AlertsApplication} is the way in, and the
 * packages below know nothing of this one.
 */
@NullMarked
package io.fleuve.alerts;

import org.jspecify.annotations.NullMarked;
