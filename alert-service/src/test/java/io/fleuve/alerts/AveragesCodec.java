package io.fleuve.alerts;

import io.fleuve.alerts.readings.RegionAverage;
import io.fleuve.alerts.windows.WindowResultCodec;
import java.util.Optional;

/** Reads the averages in {@code temperature-averages}. */
public final class AveragesCodec {

    private final WindowResultCodec codec = new WindowResultCodec();

    public Optional<RegionAverage> decode(byte[] value) {
        return codec.decode(value)
                .map(
                        r ->
                                new RegionAverage(
                                        r.region(),
                                        r.windowStart(),
                                        r.windowEnd(),
                                        r.count(),
                                        r.average(),
                                        r.min(),
                                        r.max()));
    }
}
