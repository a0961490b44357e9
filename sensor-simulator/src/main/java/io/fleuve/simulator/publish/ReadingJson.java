package io.fleuve.simulator.publish;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The value of a record.
 *
 * <pre>
 * {"sensor":"dakar-1","region":"dakar","celsius":31.4,
 *  "observedAt":"2025-05-01T13:00:00Z","recordedAt":"2024-05-01T13:00:00Z",
 *  "scenarios":["heat-wave-1"]}
 * </pre>
 *
 * {@code observedAt} equals the record's timestamp (which has milliseconds); {@code recordedAt} is
 * when a recorded value was measured in truth; {@code scenarios} names those that changed it. Both
 * are left out where there is nothing to say.
 */
public final class ReadingJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ReadingJson() {}

    /** The fields, in their order in the document. */
    record Document(
            String sensor,
            String region,
            double celsius,
            String observedAt,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String recordedAt,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> scenarios) {}

    /** The value in UTF-8. */
    public static byte[] encode(Reading reading) {
        return MAPPER.writeValueAsBytes(
                new Document(
                        reading.sensor(),
                        reading.region(),
                        reading.celsius(),
                        reading.observedAt().toString(),
                        reading.recordedAt() == null ? null : reading.recordedAt().toString(),
                        reading.scenarios()));
    }
}
