package io.fleuve.gateway.events;

import io.fleuve.gateway.events.FieldPath.Step;
import io.fleuve.gateway.format.LosslessJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads a filter on a field:
 *
 * <pre>
 * filter     = path comparison constant
 * path       = ["$" "."] step *( "." name | "[" index "]" | "[" string "]" )
 * step       = name | "[" string "]" | "[" index "]"
 * name       = 1*( letter | digit | "_" | "-" | "@" )
 * comparison = "=" | "==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | " contains "
 * constant   = a JSON number, string, true, false or null; any other text is a string as it stands
 * </pre>
 */
final class FieldFilterParser {

    private static final int MAX_LENGTH = 1000;
    private static final int MAX_STEPS = 32;

    private final String text;
    private int at;

    private FieldFilterParser(String text) {
        this.text = text;
    }

    /**
     * Parses {@code text}.
     *
     * @throws IllegalArgumentException saying what was expected, and at which character
     */
    static FieldFilter parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "it is longer than the allowed %d characters".formatted(MAX_LENGTH));
        }
        return new FieldFilterParser(text).filter();
    }

    private FieldFilter filter() {
        FieldPath path = path();
        boolean spaced = skipBlanks();
        Comparison comparison = comparison(spaced);
        skipBlanks();
        if (at == text.length()) {
            throw expected("a value to compare with");
        }
        return new FieldFilter(path, comparison, constant(text.substring(at).strip()));
    }

    private FieldPath path() {
        skipBlanks();
        List<Step> steps = new ArrayList<>();
        boolean root = at < text.length() && text.charAt(at) == '$';
        if (root) {
            at++;
        }
        if (!root && !(at < text.length() && text.charAt(at) == '[')) {
            steps.add(new Step.Member(name()));
        }
        while (at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == '[')) {
            if (steps.size() == MAX_STEPS) {
                throw expected("no more than %d steps".formatted(MAX_STEPS));
            }
            char kind = text.charAt(at);
            at++;
            steps.add(kind == '.' ? new Step.Member(name()) : bracketed());
        }
        return new FieldPath(List.copyOf(steps));
    }

    private String name() {
        int start = at;
        while (at < text.length() && isNameCharacter(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw expected("the name of a field");
        }
        return text.substring(start, at);
    }

    private static boolean isNameCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '@';
    }

    private Step bracketed() {
        Step step;
        if (at < text.length() && text.charAt(at) == '"') {
            int end = closingQuote();
            step = new Step.Member(jsonString(text.substring(at, end + 1)));
            at = end + 1;
        } else {
            int start = at;
            while (at < text.length() && Character.isDigit(text.charAt(at)) && at - start < 9) {
                at++;
            }
            if (at == start) {
                throw expected("an index or a name in double quotes");
            }
            step = new Step.Element(Integer.parseInt(text.substring(start, at)));
        }
        if (at == text.length() || text.charAt(at) != ']') {
            throw expected("]");
        }
        at++;
        return step;
    }

    private int closingQuote() {
        for (int i = at + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i;
            }
        }
        throw expected("a name that ends with a double quote");
    }

    private String jsonString(String quoted) {
        try {
            return LosslessJson.read(quoted.getBytes(StandardCharsets.UTF_8)).stringValue();
        } catch (JacksonException e) {
            throw expected("a name written as a JSON string");
        }
    }

    private boolean skipBlanks() {
        int start = at;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at > start;
    }

    private Comparison comparison(boolean spaced) {
        // The longer ones first: <= begins as < does.
        if (take("==") || take("=")) {
            return Comparison.EQUAL;
        }
        if (take("!=")) {
            return Comparison.NOT_EQUAL;
        }
        if (take("<=")) {
            return Comparison.AT_MOST;
        }
        if (take("<")) {
            return Comparison.LESS;
        }
        if (take(">=")) {
            return Comparison.AT_LEAST;
        }
        if (take(">")) {
            return Comparison.GREATER;
        }
        if (spaced && take("contains ")) {
            return Comparison.CONTAINS;
        }
        throw expected("one of = != < <= > >= contains");
    }

    private boolean take(String symbol) {
        if (!text.startsWith(symbol, at)) {
            return false;
        }
        at += symbol.length();
        return true;
    }

    private JsonNode constant(String written) {
        try {
            JsonNode read = LosslessJson.read(written.getBytes(StandardCharsets.UTF_8));
            if (read.isValueNode() && !read.isMissingNode()) {
                return read;
            }
        } catch (JacksonException e) {
            if (written.startsWith("\"")) {
                throw expected("a string that ends with a double quote");
            }
        }
        return JsonNodeFactory.instance.stringNode(written);
    }

    private IllegalArgumentException expected(String what) {
        return new IllegalArgumentException("expected %s at character %d".formatted(what, at + 1));
    }
}
