package io.fleuve.simulator.kafka;

import io.fleuve.simulator.replay.RebasedReading;
import tools.jackson.databind.json.JsonMapper;

/**
 * The value of a record.
 *
 * <pre>
 * {"sensor":"dakar-1","region":"dakar","celsius":31.4,
 *  "observedAt":"2025-05-01T13:00:00Z","recordedAt":"2024-05-01T13:00:00Z"}
 * </pre>
 *
 * {@code observedAt} equals the record's timestamp; {@code recordedAt} is when the value was
 * measured in truth.
 */
final class ReadingJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ReadingJson() {}

    /** The fields, in their order in the document. */
    record Document(
            String sensor, String region, double celsius, String observedAt, String recordedAt) {}

    /**
     * @throws IllegalArgumentException if the reading is blank: there is nothing to publish
     */
    static byte[] encode(RebasedReading reading) {
        String region = reading.recorded().region();
        double celsius =
                reading.recorded()
                        .celsius()
                        .orElseThrow(
                                () -> new IllegalArgumentException("a blank reading has no value"));
        return MAPPER.writeValueAsBytes(
                new Document(
                        region + "-1",
                        region,
                        celsius,
                        reading.observedAt().toString(),
                        reading.recorded().recordedAt().toString()));
    }
}
