package io.fleuve.quickstart;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says, checked before anything starts.
 *
 * @param dataDirectory absolute; holds the database, the records and the log
 * @param addresses of every endpoint, no two alike
 * @param postgresUrl of a server that is used instead of the embedded one
 * @param parts what is started; at least one
 */
record QuickstartSettings(
        Path dataDirectory,
        Map<Endpoint, Address> addresses,
        Optional<String> postgresUrl,
        Set<Part> parts) {

    private static final String LOOPBACK = "127.0.0.1";

    /**
     * Reads the variables through {@code lookup}, which returns null or an empty text for one that
     * is not set.
     */
    static QuickstartSettings from(Lookup lookup) {
        Map<Endpoint, Address> addresses = new EnumMap<>(Endpoint.class);
        for (Endpoint endpoint : Endpoint.values()) {
            String host = lookup.get(endpoint.hostVariable()).orElse(LOOPBACK);
            addresses.put(endpoint, new Address(endpoint, host, port(endpoint, lookup)));
        }
        requireDistinct(addresses);
        Path data = Path.of(lookup.get("FLEUVE_DATA_DIR").orElse("./data"));
        return new QuickstartSettings(
                data.toAbsolutePath().normalize(),
                addresses,
                lookup.get("FLEUVE_POSTGRES_URL"),
                parts(lookup.get("FLEUVE_SERVICES")));
    }

    private static Set<Part> parts(Optional<String> names) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String name : names.map(n -> n.split(",")).orElse(new String[0])) {
            String wanted = name.strip();
            parts.add(
                    Arrays.stream(Part.values())
                            .filter(part -> part.key().equals(wanted))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new StartFailure(
                                                    "FLEUVE_SERVICES names '%s': it may list %s."
                                                            .formatted(wanted, Part.keys()))));
        }
        return parts.isEmpty() ? EnumSet.allOf(Part.class) : parts;
    }

    /** Finds the value of a variable. */
    @FunctionalInterface
    interface Lookup {

        @Nullable String raw(String variable);

        default Optional<String> get(String variable) {
            return Optional.ofNullable(raw(variable))
                    .map(String::strip)
                    .filter(value -> !value.isEmpty());
        }
    }

    private static int port(Endpoint endpoint, Lookup lookup) {
        Optional<String> text = lookup.get(endpoint.portVariable());
        if (text.isEmpty()) {
            return endpoint.usualPort();
        }
        try {
            int port = Integer.parseInt(text.get());
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // the same sentence for words and for numbers out of range
        }
        throw new StartFailure(
                "%s is '%s': it must be a port from 1 to 65535."
                        .formatted(endpoint.portVariable(), text.get()));
    }

    private static void requireDistinct(Map<Endpoint, Address> addresses) {
        for (Address one : addresses.values()) {
            for (Address other : addresses.values()) {
                if (one.port() == other.port() && one.endpoint() != other.endpoint()) {
                    throw new StartFailure(
                            "%s and %s are both %d: each endpoint needs a port of its own."
                                    .formatted(
                                            one.endpoint().portVariable(),
                                            other.endpoint().portVariable(),
                                            one.port()));
                }
            }
        }
    }

    /** Of the endpoints that what is started will listen on. */
    List<Address> wantedAddresses() {
        return Arrays.stream(Endpoint.values())
                .filter(endpoint -> parts.contains(Part.of(endpoint)))
                .map(this::address)
                .toList();
    }

    Address address(Endpoint endpoint) {
        Address address = addresses.get(endpoint);
        if (address == null) {
            throw new IllegalStateException("no address of " + endpoint);
        }
        return address;
    }

    Path logFile() {
        return dataDirectory.resolve("fleuve.log");
    }

    Path postgresDirectory() {
        return dataDirectory.resolve("postgres");
    }
}
