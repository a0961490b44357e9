package io.fleuve.gateway.events;

import io.fleuve.gateway.format.Decoded;
import io.fleuve.gateway.format.EmbeddedFormat;
import io.fleuve.gateway.read.Formats;
import java.lang.ref.SoftReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A record with what has been made of it already: a thousand readers decode and write it once. What
 * is remembered is bounded: the texts of two formats, and a tree that memory pressure takes away.
 */
final class TailRecord {

    private final ConsumerRecord<byte[], byte[]> record;
    private volatile @Nullable Text first;
    private volatile @Nullable Text second;
    private volatile @Nullable SoftReference<Json> json;

    TailRecord(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
    }

    private record Text(Formats formats, byte[] bytes) {}

    /** The value as JSON; null if it is none. */
    private record Json(@Nullable JsonNode tree) {}

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    /** The record's value as JSON, or null if it is a tombstone or anything else. */
    @Nullable JsonNode json() {
        SoftReference<Json> remembered = json;
        Json known = remembered == null ? null : remembered.get();
        if (known == null) {
            known = new Json(parse());
            json = new SoftReference<>(known);
        }
        return known.tree();
    }

    private @Nullable JsonNode parse() {
        byte[] value = record.value();
        return value != null
                        && EmbeddedFormat.JSON.decode(value) instanceof Decoded.Value(JsonNode tree)
                ? tree
                : null;
    }

    /** The record in these formats, written by {@code writer} if nobody has asked before. */
    byte[] text(Formats formats, Supplier<byte[]> writer) {
        Text one = first;
        if (one != null && one.formats().equals(formats)) {
            return one.bytes();
        }
        Text two = second;
        if (two != null && two.formats().equals(formats)) {
            return two.bytes();
        }
        Text made = new Text(formats, writer.get());
        if (one == null) {
            first = made;
        } else {
            second = made;
        }
        return made.bytes();
    }
}
