package io.fleuve.alerts.streams;

import io.fleuve.alerts.readings.TemperatureReading;

/** A reading and where it came from. */
record SourcedReading(TemperatureReading reading, ReadingOrigin origin) {}
