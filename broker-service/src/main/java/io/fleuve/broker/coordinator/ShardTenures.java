package io.fleuve.broker.coordinator;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which shards this broker owns, since which epoch, and whether their state machines are loaded.
 *
 * <p>Elections write it, the loader binds each new state machine to the tenure that it was read in,
 * and the writer asks it before each append: a state machine of an older tenure must never write at
 * a newer epoch, for another broker may have written in between.
 */
final class ShardTenures {

    private final Map<Integer, Shard> shards = new HashMap<>();

    /** The shard is owned from now on. The library will be asked for exactly one load. */
    synchronized void elect(Tenure tenure) {
        Shard shard = shards.computeIfAbsent(tenure.shard(), key -> new Shard());
        shard.endLoad();
        shard.tenure = tenure;
        shard.expectedLoads++;
    }

    /** The tenure is over, if it has not been replaced. Its state machine can write no more. */
    synchronized boolean end(Tenure tenure) {
        Shard shard = shards.get(tenure.shard());
        if (shard == null || !tenure.equals(shard.tenure)) {
            return false;
        }
        shard.endLoad();
        shard.tenure = null;
        return true;
    }

    /** The tenure of a shard, loaded or not. */
    synchronized Optional<Tenure> current(int shard) {
        Shard state = shards.get(shard);
        return state == null ? Optional.empty() : Optional.ofNullable(state.tenure);
    }

    /** All tenures, loaded or not. */
    synchronized Collection<Tenure> all() {
        return shards.values().stream()
                .flatMap(shard -> Optional.ofNullable(shard.tenure).stream())
                .toList();
    }

    /** The tenure that the shard's loaded state machine belongs to, while it lasts. */
    synchronized Optional<Tenure> writable(int shard) {
        Shard state = shards.get(shard);
        if (state == null || state.load == null || !state.load.isLoaded()) {
            return Optional.empty();
        }
        return state.load.tenure().equals(state.tenure)
                ? Optional.of(state.load.tenure())
                : Optional.empty();
    }

    /**
     * Begins a load for the shard's new state machine; empty if that state machine is superseded
     * already, since another election has been announced or the tenure is over.
     */
    synchronized Optional<ShardLoad> beginLoad(int shard) {
        Shard state = shards.get(shard);
        if (state == null) {
            return Optional.empty();
        }
        state.expectedLoads = Math.max(0, state.expectedLoads - 1);
        if (state.expectedLoads > 0 || state.tenure == null) {
            return Optional.empty();
        }
        state.endLoad();
        state.load = new ShardLoad(state.tenure);
        return Optional.of(state.load);
    }

    /** Cancels whatever is loading. */
    synchronized void cancelLoads() {
        List.copyOf(shards.values()).forEach(Shard::endLoad);
    }

    private static final class Shard {

        private @Nullable Tenure tenure;
        private @Nullable ShardLoad load;
        private int expectedLoads;

        private void endLoad() {
            if (load != null) {
                load.cancel();
                load = null;
            }
        }
    }
}
