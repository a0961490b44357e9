/**
 * Fleuve beside Apache Kafka in one run: {@link io.fleuve.conformance.bench.SideBySide} drives
 * Kafka's own performance tools and prints ratios. It must not know how either platform works
 * inside.
 */
@NullMarked
package io.fleuve.conformance.bench;

import org.jspecify.annotations.NullMarked;
