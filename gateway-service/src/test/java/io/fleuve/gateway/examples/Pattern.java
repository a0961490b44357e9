package io.fleuve.gateway.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Compares JSON with a pattern of it. An object must have exactly the members of its pattern, so
 * that null and absent are two things, unless the pattern has a member {@code "..."}. An array must
 * match one by one, or begins its pattern with {@code <each>} (all match the next) or {@code
 * <some>} (one does). Text stands for itself but for {@code <string>}, {@code <int>}, {@code
 * <bool>}, {@code <any>} and {@code <matches>REGEX}.
 */
final class Pattern {

    private static final String MORE = "...";
    private static final String MATCHES = "<matches>";

    private final List<String> faults = new ArrayList<>();

    private Pattern() {}

    /** What differs, each with where it does; none if the value matches. */
    static List<String> compare(JsonNode pattern, JsonNode value) {
        Pattern comparison = new Pattern();
        comparison.compare("$", pattern, value);
        return comparison.faults;
    }

    private void compare(String where, JsonNode pattern, JsonNode value) {
        if (pattern.isObject()) {
            compareObjects(where, pattern, value);
        } else if (pattern.isArray()) {
            compareArrays(where, pattern, value);
        } else if (pattern.isString()) {
            require(where, matches(pattern.stringValue(), value), pattern, value);
        } else {
            require(where, pattern.equals(value), pattern, value);
        }
    }

    private void compareObjects(String where, JsonNode pattern, JsonNode value) {
        if (!value.isObject()) {
            require(where, false, pattern, value);
            return;
        }
        Set<String> wanted = new TreeSet<>(pattern.propertyNames());
        Set<String> found = new TreeSet<>(value.propertyNames());
        if (wanted.remove(MORE)) {
            found.retainAll(wanted);
        }
        if (!wanted.equals(found)) {
            faults.add("%s has the members %s instead of %s".formatted(where, found, wanted));
        }
        wanted.retainAll(found);
        wanted.forEach(name -> compare(where + "." + name, pattern.get(name), value.get(name)));
    }

    private void compareArrays(String where, JsonNode pattern, JsonNode value) {
        if (!value.isArray()) {
            require(where, false, pattern, value);
            return;
        }
        String rule = pattern.path(0).asString("");
        if (rule.equals("<each>")) {
            for (int i = 0; i < value.size(); i++) {
                compare(where + "[" + i + "]", pattern.get(1), value.get(i));
            }
        } else if (rule.equals("<some>")) {
            require(
                    where,
                    value.valueStream().anyMatch(v -> compare(pattern.get(1), v).isEmpty()),
                    pattern,
                    value);
        } else if (pattern.size() != value.size()) {
            require(where, false, pattern, value);
        } else {
            for (int i = 0; i < value.size(); i++) {
                compare(where + "[" + i + "]", pattern.get(i), value.get(i));
            }
        }
    }

    private static boolean matches(String pattern, JsonNode value) {
        return switch (pattern) {
            case "<any>" -> true;
            case "<string>" -> value.isString();
            case "<int>" -> value.isIntegralNumber();
            case "<bool>" -> value.isBoolean();
            default ->
                    pattern.startsWith(MATCHES)
                            ? value.isString()
                                    && value.stringValue()
                                            .matches(pattern.substring(MATCHES.length()))
                            : value.isString() && value.stringValue().equals(pattern);
        };
    }

    private void require(String where, boolean holds, JsonNode pattern, JsonNode value) {
        if (!holds) {
            faults.add("%s is %s, not %s".formatted(where, value, pattern));
        }
    }
}
