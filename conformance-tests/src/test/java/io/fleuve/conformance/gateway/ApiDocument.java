package io.fleuve.conformance.gateway;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What the API's document says of answers: which statuses each operation may have. */
final class ApiDocument {

    private record Operation(String method, Pattern path, int parameters, Set<Integer> statuses) {}

    private final List<Operation> operations = new ArrayList<>();

    ApiDocument(JsonNode openapi) {
        openapi.path("paths")
                .forEachEntry(
                        (path, item) ->
                                item.forEachEntry(
                                        (method, operation) -> add(path, method, operation)));
        if (operations.isEmpty()) {
            throw new IllegalStateException("the document has no operations: " + openapi);
        }
    }

    private void add(String path, String method, JsonNode operation) {
        Set<Integer> statuses = new HashSet<>();
        operation
                .path("responses")
                .forEachEntry((status, _) -> statuses.add(Integer.valueOf(status)));
        String expression = "\\Q" + path.replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q") + "\\E";
        operations.add(
                new Operation(
                        method.toUpperCase(Locale.ROOT),
                        Pattern.compile(expression),
                        path.length() - path.replace("{", "").length(),
                        statuses));
    }

    /** Whether the operation at this path, without a query, may be answered so. */
    boolean knows(String method, String path, int status) {
        List<Operation> fitting =
                operations.stream()
                        .filter(o -> o.method().equals(method) && o.path().matcher(path).matches())
                        .toList();
        if (fitting.isEmpty()) {
            throw new IllegalArgumentException("the document has no " + method + " " + path);
        }
        int fewest = fitting.stream().mapToInt(Operation::parameters).min().orElseThrow();
        return fitting.stream()
                .filter(o -> o.parameters() == fewest)
                .anyMatch(o -> o.statuses().contains(status));
    }
}
