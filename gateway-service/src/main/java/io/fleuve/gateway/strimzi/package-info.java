/**
 * What Strimzi's HTTP bridge adds to Confluent's API v2: creating topics ({@link
 * io.fleuve.gateway.strimzi.TopicAdminController}) and its health checks. Its other additions are
 * in the packages of what they add to; this one must not know the other APIs.
 */
@NullMarked
package io.fleuve.gateway.strimzi;

import org.jspecify.annotations.NullMarked;
