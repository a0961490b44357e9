package io.fleuve.gateway.events;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a field of a record is compared with a constant. */
enum Comparison {
    EQUAL("="),
    /** The opposite of {@link #EQUAL}: true also where there is no such field. */
    NOT_EQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    /** A text has a part, or an array an element. */
    CONTAINS("contains");

    private final String symbol;

    Comparison(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }

    /** Whether {@code field}, null if there is none, compares so with {@code constant}. */
    boolean holds(@Nullable JsonNode field, JsonNode constant) {
        return switch (this) {
            case EQUAL -> field != null && equal(field, constant);
            case NOT_EQUAL -> field == null || !equal(field, constant);
            case LESS -> field != null && ordered(field, constant) && order(field, constant) < 0;
            case AT_MOST ->
                    field != null && ordered(field, constant) && order(field, constant) <= 0;
            case GREATER -> field != null && ordered(field, constant) && order(field, constant) > 0;
            case AT_LEAST ->
                    field != null && ordered(field, constant) && order(field, constant) >= 0;
            case CONTAINS -> field != null && contains(field, constant);
        };
    }

    private static boolean equal(JsonNode field, JsonNode constant) {
        return field.isNumber() && constant.isNumber()
                ? order(field, constant) == 0
                : field.equals(constant);
    }

    /** Numbers can be ordered among themselves, and texts. */
    private static boolean ordered(JsonNode field, JsonNode constant) {
        return field.isNumber() && constant.isNumber() || field.isString() && constant.isString();
    }

    private static int order(JsonNode field, JsonNode constant) {
        return field.isNumber()
                ? field.decimalValue().compareTo(constant.decimalValue())
                : field.stringValue().compareTo(constant.stringValue());
    }

    private static boolean contains(JsonNode field, JsonNode constant) {
        if (field.isString() && constant.isString()) {
            return field.stringValue().contains(constant.stringValue());
        }
        return field.isArray() && field.valueStream().anyMatch(e -> equal(e, constant));
    }
}
