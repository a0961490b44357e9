package io.fleuve.broker.upkeep;

import io.fleuve.broker.storage.ObjectStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects that no piece lies in.
 *
 * <p>An object that is dead is deleted from the store first and forgotten after that, so that none
 * is left behind. It stays for a while before, since somebody may have looked up a piece in it.
 * What the store has and the catalog has never heard of comes from a database that was put back to
 * an earlier time, or from another cluster: it is left alone until it is old.
 */
final class Sweep {

    private static final Logger LOGGER = LoggerFactory.getLogger(Sweep.class);

    private static final int OBJECTS_AT_ONCE = 500;

    private final ObjectStore store;
    private final PieceCatalog catalog;
    private final UpkeepSettings settings;
    private final UpkeepMetrics metrics;
    private final Clock clock;

    Sweep(
            ObjectStore store,
            PieceCatalog catalog,
            UpkeepSettings settings,
            UpkeepMetrics metrics,
            Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    void deleteDead() throws IOException, InterruptedException {
        catalog.declareDead();
        List<PieceCatalog.Dead> dead = catalog.dead(settings.grace(), OBJECTS_AT_ONCE);
        while (!dead.isEmpty()) {
            for (PieceCatalog.Dead each : dead) {
                store.delete(each.objectKey());
                metrics.deletedObjects.increment();
                Upkeep.checkInterrupt();
            }
            catalog.forget(dead.stream().map(PieceCatalog.Dead::objectId).toList());
            dead = catalog.dead(settings.grace(), OBJECTS_AT_ONCE);
        }
    }

    void deleteOrphans() throws IOException, InterruptedException {
        Instant before = clock.instant().minus(settings.orphanGrace());
        List<String> old = new ArrayList<>();
        store.list(
                each -> {
                    if (each.modifiedAt().isBefore(before)) {
                        old.add(each.key());
                    }
                });
        for (int from = 0; from < old.size(); from += OBJECTS_AT_ONCE) {
            List<String> some = old.subList(from, Math.min(old.size(), from + OBJECTS_AT_ONCE));
            for (String key : catalog.unknown(some)) {
                LOGGER.atWarn()
                        .addKeyValue("object", key)
                        .log("An object that the database does not know of is deleted");
                store.delete(key);
                metrics.orphans.increment();
                Upkeep.checkInterrupt();
            }
        }
    }
}
