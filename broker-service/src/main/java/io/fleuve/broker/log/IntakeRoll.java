package io.fleuve.broker.log;

import io.fleuve.broker.storage.ObjectStore;
import io.fleuve.broker.storage.ObjectWriter;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The intake object that is being written, one after the other: a new one when the present one is
 * full, old, or broken, so that none keeps its pieces from being merged for long.
 *
 * <p>An object is entered with the sequencer before it is made: what the store holds and the
 * sequencer does not know of can be removed at any time. Used by the writer thread alone.
 */
final class IntakeRoll {

    private static final Logger LOGGER = LoggerFactory.getLogger(IntakeRoll.class);

    private final LogSettings settings;
    private final ObjectStore store;
    private final Sequencer sequencer;
    private final Clock clock;
    private final List<String> retired = new ArrayList<>();
    private @Nullable ObjectWriter current;
    private long openedAtNanos;
    private int batches;

    IntakeRoll(LogSettings settings, ObjectStore store, Sequencer sequencer, Clock clock) {
        this.settings = settings;
        this.store = store;
        this.sequencer = sequencer;
        this.clock = clock;
    }

    /**
     * The object that takes the next flush.
     *
     * @throws IOException if the store does not take a new one
     * @throws LogUnavailableException if the sequencer does not answer
     */
    ObjectWriter writerFor(long sizeBytes, int flushedBatches) throws IOException {
        ObjectWriter writer = current;
        if (writer != null
                && (!writer.accepts(sizeBytes)
                        || batches >= settings.maxObjectBatches()
                        || nanosLeft() <= 0)) {
            retire();
            writer = null;
        }
        if (writer == null) {
            String key =
                    "intake/%s/%s.log"
                            .formatted(
                                    LocalDate.now(clock.withZone(ZoneOffset.UTC)),
                                    UUID.randomUUID());
            sequencer.enlist(key, settings.maxObjectAge().multipliedBy(2).plusMinutes(1));
            writer = store.create(key);
            current = writer;
            openedAtNanos = System.nanoTime();
            batches = 0;
        }
        batches += flushedBatches;
        return writer;
    }

    /** How long the present object may still be written; a very long time if there is none. */
    long nanosLeft() {
        return current == null
                ? Long.MAX_VALUE
                : settings.maxObjectAge().toNanos() - (System.nanoTime() - openedAtNanos);
    }

    /** Writes no more into the present object, if there is one. */
    void retire() {
        ObjectWriter writer = current;
        current = null;
        if (writer != null) {
            retired.add(writer.key());
            try {
                writer.close();
            } catch (IOException e) {
                LOGGER.atWarn()
                        .setCause(e)
                        .addKeyValue("object", writer.key())
                        .log("An object was not closed cleanly");
            }
        }
    }

    /** The objects that were retired since this was last asked. */
    List<String> takeRetired() {
        List<String> taken = List.copyOf(retired);
        retired.clear();
        return taken;
    }
}
