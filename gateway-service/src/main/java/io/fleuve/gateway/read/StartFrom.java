package io.fleuve.gateway.read;

import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Where to begin reading the partitions of a topic, as the parameter {@code from} says it. */
public sealed interface StartFrom {

    /** At the end: only what comes later. */
    record End() implements StartFrom {}

    /** At the first record that is still there. */
    record Beginning() implements StartFrom {}

    /** So many offsets before the end of each partition. */
    record BeforeEnd(long offsets) implements StartFrom {}

    /** At the first record that is not older. */
    record AtTime(long timestampMs) implements StartFrom {}

    /** At an offset in each of these partitions; negative ones count from the end. */
    record AtOffsets(Map<Integer, Long> offsets) implements StartFrom {}

    /**
     * Reads {@code end}, {@code start}, {@code -100}, {@code 2024-05-01T13:00:00Z}, {@code
     * 1714568400000} or {@code 0:41,1:-5}.
     *
     * @throws RestException 400
     */
    static StartFrom parse(String from) {
        return switch (from) {
            case "end", "latest" -> new End();
            case "start", "earliest" -> new Beginning();
            default -> parseNumbers(from);
        };
    }

    private static StartFrom parseNumbers(String from) {
        if (Syntax.OFFSETS.matcher(from).matches()) {
            return parseOffsets(from);
        }
        if (Syntax.NUMBER.matcher(from).matches()) {
            long number = Long.parseLong(from);
            return number < 0 ? new BeforeEnd(-number) : new AtTime(number);
        }
        try {
            long millis = OffsetDateTime.parse(from).toInstant().toEpochMilli();
            if (millis >= 0) {
                return new AtTime(millis);
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Told below.
        }
        throw bad(from);
    }

    private static StartFrom parseOffsets(String from) {
        Map<Integer, Long> offsets = new TreeMap<>();
        for (String pair : from.split(",")) {
            int colon = pair.indexOf(':');
            int partition = Integer.parseInt(pair.substring(0, colon));
            if (offsets.put(partition, Long.parseLong(pair.substring(colon + 1))) != null) {
                throw new RestException(
                        RestError.badRequest(
                                "parameter from names partition %d twice.".formatted(partition)));
            }
        }
        return new AtOffsets(Map.copyOf(offsets));
    }

    private static RestException bad(String from) {
        return new RestException(
                RestError.badRequest(
                        "parameter from must be end, start, a negative number of offsets before the"
                                + " end, milliseconds since 1970, an RFC 3339 time (with + written"
                                + " as %2B), or partition:offset pairs such as 0:41,1:7, but is '"
                                + from
                                + "'."));
    }

    /** What numbers look like here; short enough to be parsed without an overflow. */
    final class Syntax {
        private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");
        private static final Pattern OFFSETS =
                Pattern.compile("\\d{1,9}:-?\\d{1,18}(,\\d{1,9}:-?\\d{1,18})*");

        private Syntax() {}
    }
}
