/**
 * The contract of the two public topics: what a reading and a published average are, and how their
 * bytes are decoded. {@link io.fleuve.alerts.readings.ReadingDecoder} is the way in. Nothing here
 * knows Kafka, Spring or the database.
 */
@NullMarked
package io.fleuve.alerts.readings;

import org.jspecify.annotations.NullMarked;
