package io.fleuve.alerts.store;

import io.fleuve.alerts.alerts.RecentValue;
import io.fleuve.alerts.rules.RuleDraft;
import io.fleuve.alerts.silences.Matcher;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The columns that hold JSON. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final TypeReference<List<RecentValue>> RECENT = new TypeReference<>() {};
    private static final TypeReference<List<Matcher>> MATCHERS = new TypeReference<>() {};
    private static final TypeReference<TreeMap<String, String>> LABELS = new TypeReference<>() {};

    private Json() {}

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static RuleDraft rule(String json) {
        return MAPPER.readValue(json, RuleDraft.class);
    }

    static List<RecentValue> recent(String json) {
        return MAPPER.readValue(json, RECENT);
    }

    static List<Matcher> matchers(String json) {
        return MAPPER.readValue(json, MATCHERS);
    }

    static SortedMap<String, String> labels(String json) {
        return MAPPER.readValue(json, LABELS);
    }
}
