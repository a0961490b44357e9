package io.fleuve.alerts.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A condition as someone wrote it.
 *
 * @param type above, below, change, deviation or no-data
 * @param threshold of above and below
 * @param recovery of above, below and deviation; absent means one degree back, of a deviation the
 *     deviation itself
 * @param by size of a change or deviation
 * @param within of a change
 * @param direction of a change or deviation: up, down or either; absent means either
 * @param after of no-data
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConditionDraft(
        @Nullable String type,
        @Nullable Double threshold,
        @Nullable Double recovery,
        @Nullable Double by,
        @Nullable String within,
        @Nullable String direction,
        @Nullable String after) {

    static ConditionDraft of(Condition condition) {
        return switch (condition) {
            case Condition.Above(double threshold, double recovery) ->
                    new ConditionDraft("above", threshold, recovery, null, null, null, null);
            case Condition.Below(double threshold, double recovery) ->
                    new ConditionDraft("below", threshold, recovery, null, null, null, null);
            case Condition.Change(double by, var within, Direction direction) ->
                    new ConditionDraft(
                            "change", null, null, by, within.toString(), direction.label(), null);
            case Condition.Deviation(double by, double recovery, Direction direction) ->
                    new ConditionDraft(
                            "deviation", null, recovery, by, null, direction.label(), null);
            case Condition.NoData(var after) ->
                    new ConditionDraft("no-data", null, null, null, null, null, after.toString());
        };
    }
}
