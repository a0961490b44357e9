/**
 * What HTTP clients are promised of repeated requests, under the death of gateways. {@link
 * io.fleuve.conformance.gateway.RepeatedRequestsRun} is a run; it knows the gateways by HTTP alone.
 */
@NullMarked
package io.fleuve.conformance.gateway;

import org.jspecify.annotations.NullMarked;
