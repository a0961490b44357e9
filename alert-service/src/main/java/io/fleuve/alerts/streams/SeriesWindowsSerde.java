package io.fleuve.alerts.streams;

import io.fleuve.alerts.windows.SeriesWindows;
import io.fleuve.alerts.windows.SeriesWindowsCodec;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Stores series in the form of {@link SeriesWindowsCodec}. */
final class SeriesWindowsSerde implements Serde<SeriesWindows> {

    @Override
    public Serializer<SeriesWindows> serializer() {
        return (topic, series) -> series == null ? null : SeriesWindowsCodec.encode(series);
    }

    @Override
    public Deserializer<SeriesWindows> deserializer() {
        return (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            try {
                return SeriesWindowsCodec.decode(bytes);
            } catch (IllegalArgumentException e) {
                throw new SerializationException(e);
            }
        };
    }
}
