/**
 * Where readings come from. {@link io.fleuve.simulator.source.ReadingSource} is the port; {@link
 * io.fleuve.simulator.source.CsvReadingSource} reads recorded data from any CSV file. It must know
 * neither time as it passes, nor Kafka, nor Spring.
 */
@NullMarked
package io.fleuve.simulator.source;

import org.jspecify.annotations.NullMarked;
