package io.fleuve.alerts.store;

import io.fleuve.alerts.silences.Inhibition;
import java.time.Duration;
import java.util.List;

/**
 * How alerts are told.
 *
 * @param groupWait how long a transition waits for others of its rule, to be told together
 * @param recheck how long what is inhibited waits before it is looked at again
 * @param batch most rows that one transaction takes on
 * @param inhibitions which alerts keep which others from being told
 */
public record AlertingSettings(
        Duration groupWait, Duration recheck, int batch, List<Inhibition> inhibitions) {

    public AlertingSettings {
        inhibitions = List.copyOf(inhibitions);
    }
}
