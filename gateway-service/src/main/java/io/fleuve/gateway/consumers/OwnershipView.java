package io.fleuve.gateway.consumers;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the records of the topic of instances, taken in the order of the log, say about who owns
 * what. Every gateway applies the same records in the same order, so all agree without talking.
 *
 * <p>A record stands if its generation is higher than that of the one that stands, or if it is of
 * the same instance, generation and owner, which is how an owner changes what it wrote. So of two
 * gateways that claim generation <em>n</em>+1 the first in the log wins. Every other record is
 * refused. Compaction keeps the last record of a key, which may be one that was refused: a gateway
 * that starts later would take it for the truth. Therefore whoever owns an instance answers a
 * refused record with its own again, at the next generation: that one stands for those who saw
 * everything and for those who did not.
 *
 * <p>A tombstone names the instance that it removes by its uid, so that one that comes late does
 * not remove a newer instance of the same name.
 */
final class OwnershipView {

    private static final int REMEMBERED_REMOVALS = 1_000;

    private final Map<InstanceId, Entry> standing = new HashMap<>();
    private final Map<String, Boolean> removed =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > REMEMBERED_REMOVALS;
                }
            };

    /**
     * A description that stands.
     *
     * @param timestampMs when it was written last, by the clock of who wrote it
     */
    record Entry(InstanceDescription description, long timestampMs) {}

    /** What became of a record. */
    sealed interface Applied {

        /** It stands now. */
        record Accepted(InstanceDescription now) implements Applied {}

        /** An instance is gone. */
        record Removed(InstanceDescription before) implements Applied {}

        /** It does not stand; this one still does. */
        record Refused(InstanceDescription still) implements Applied {}

        /** It changes nothing and contradicts nothing. */
        record Ignored() implements Applied {}
    }

    /** Applies the next record of the log that is not a tombstone. */
    synchronized Applied apply(InstanceDescription record, long timestampMs) {
        Entry entry = standing.get(record.id());
        if (entry == null) {
            if (removed.containsKey(record.uid())) {
                return new Applied.Ignored();
            }
            standing.put(record.id(), new Entry(record, timestampMs));
            return new Applied.Accepted(record);
        }
        InstanceDescription still = entry.description();
        boolean sameOwner =
                record.generation() == still.generation()
                        && record.uid().equals(still.uid())
                        && Objects.equals(record.owner(), still.owner());
        if (record.generation() > still.generation() || sameOwner) {
            standing.put(record.id(), new Entry(record, timestampMs));
            return new Applied.Accepted(record);
        }
        return new Applied.Refused(still);
    }

    /**
     * Applies a tombstone.
     *
     * @param uid the instance that it is meant for, or null if it does not say
     */
    synchronized Applied remove(InstanceId id, @Nullable String uid) {
        if (uid != null) {
            removed.put(uid, Boolean.TRUE);
        }
        Entry entry = standing.get(id);
        if (entry == null) {
            return new Applied.Ignored();
        }
        InstanceDescription still = entry.description();
        if (uid != null && !uid.equals(still.uid())) {
            return new Applied.Refused(still);
        }
        removed.put(still.uid(), Boolean.TRUE);
        standing.remove(id);
        return new Applied.Removed(still);
    }

    synchronized Optional<InstanceDescription> find(InstanceId id) {
        Entry entry = standing.get(id);
        return entry == null ? Optional.empty() : Optional.of(entry.description());
    }

    synchronized List<Entry> entries() {
        return List.copyOf(standing.values());
    }

    synchronized int size() {
        return standing.size();
    }
}
