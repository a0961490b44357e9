package io.fleuve.conformance.clients;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a program wrote down while it ran.
 *
 * @param version the client's name and version
 * @param scenarios facts by name, by scenario
 * @param result how the program ended, and what it wrote
 */
record Play(String version, Map<String, Map<String, String>> scenarios, CommandLine.Result result) {

    /** The fact of a scenario that could not be played to its end. */
    static final String BROKE_OFF = "broke off";

    /**
     * Reads lines of {@code scenario TAB fact TAB value}, the first of which is {@code version TAB
     * version}.
     */
    static Play of(CommandLine.Result result) {
        String version = "of unknown version";
        Map<String, Map<String, String>> scenarios = new LinkedHashMap<>();
        for (String line : result.output().lines().toList()) {
            String[] fields = line.split("\t", -1);
            if (fields.length == 2 && fields[0].equals("version")) {
                version = fields[1];
            } else if (fields.length == 3) {
                scenarios
                        .computeIfAbsent(fields[0], _ -> new LinkedHashMap<>())
                        .put(fields[1], fields[2]);
            } else {
                throw new IllegalStateException("not a fact: '" + line + "'");
            }
        }
        return new Play(version, scenarios, result);
    }

    /** Whether a scenario could not be played to its end. */
    boolean brokeOff() {
        return scenarios.values().stream().anyMatch(facts -> facts.containsKey(BROKE_OFF));
    }

    Map<String, String> facts(String scenario) {
        return scenarios.getOrDefault(scenario, Map.of());
    }
}
