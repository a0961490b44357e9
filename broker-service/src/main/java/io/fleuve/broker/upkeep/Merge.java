package io.fleuve.broker.upkeep;

import io.fleuve.broker.storage.ObjectStore;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rewrites pieces of one object into larger ones: the small ones of an intake object that is
 * complete, or all of an object that is mostly dead.
 */
final class Merge {

    /** How many earlier neighbours may be merged with an object's own pieces. */
    private static final int NEIGHBOURS = 16;

    private static final int PIECES_AT_ONCE = 20_000;

    private final ObjectStore store;
    private final PieceCatalog catalog;
    private final UpkeepSettings settings;
    private final UpkeepMetrics metrics;
    private final Pace pace;
    private final Clock clock;
    private final PieceReader reader;

    Merge(
            ObjectStore store,
            PieceCatalog catalog,
            UpkeepSettings settings,
            UpkeepMetrics metrics,
            Pace pace,
            Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.settings = settings;
        this.metrics = metrics;
        this.pace = pace;
        this.clock = clock;
        this.reader = new PieceReader(store);
    }

    void run(PieceCatalog.Claim claim) throws IOException, InterruptedException {
        int below = claim.smallOnly() ? settings.smallPieceBytes() : Integer.MAX_VALUE;
        List<Piece> pieces = catalog.piecesOf(claim.objectId(), below, PIECES_AT_ONCE);
        while (!pieces.isEmpty()) {
            if (!rewrite(pieces, claim.objectId(), below)) {
                // Others change the same logs: the claim runs out, and the rest is done then.
                return;
            }
            pieces = catalog.piecesOf(claim.objectId(), below, PIECES_AT_ONCE);
        }
        catalog.markMerged(claim.objectId());
    }

    /** Whether anything was changed. */
    private boolean rewrite(List<Piece> pieces, long objectId, int below)
            throws IOException, InterruptedException {
        boolean changed = false;
        ArchiveWriter writer = newWriter();
        try {
            for (List<Piece> run : runs(pieces, objectId, below)) {
                writer.beginRun(run.getFirst().logId(), run.getFirst().baseOffset());
                for (Piece piece : run) {
                    writer.add(piece, reader.read(piece));
                }
                writer.endRun();
                if (writer.size() >= settings.maxObjectBytes()) {
                    changed |= !writer.commit().isEmpty();
                    writer.close();
                    writer = newWriter();
                }
            }
            Set<Long> last = writer.commit();
            return changed || !last.isEmpty();
        } finally {
            writer.close();
        }
    }

    private List<List<Piece>> runs(List<Piece> pieces, long objectId, int below) {
        List<List<Piece>> runs = new ArrayList<>();
        int from = 0;
        for (int at = 1; at <= pieces.size(); at++) {
            if (at == pieces.size() || pieces.get(at).logId() != pieces.get(from).logId()) {
                List<Piece> around =
                        catalog.around(
                                pieces.get(from).logId(),
                                pieces.get(from).baseOffset(),
                                pieces.get(at - 1).lastOffset(),
                                NEIGHBOURS);
                runs.addAll(
                        Runs.choose(
                                around,
                                piece -> piece.objectId() == objectId && piece.sizeBytes() < below,
                                settings.smallPieceBytes()));
                from = at;
            }
        }
        return runs;
    }

    private ArchiveWriter newWriter() {
        return new ArchiveWriter(store, catalog, settings, metrics, pace, clock);
    }
}
