package io.fleuve.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PieceIndexTest {

    private static final long LOG = 1;

    private final PieceIndex index = new PieceIndex(10, TimeUnit.HOURS.toNanos(1));

    @Test
    void findsPiecesFromAnOffsetOnToTheEndOfThePage() {
        index.add(LOG, pieces(0, 4));
        assertThat(bases(index.find(LOG, 0))).containsExactly(0L, 10L, 20L, 30L);
        assertThat(bases(index.find(LOG, 19))).containsExactly(10L, 20L, 30L);
        assertThat(bases(index.find(LOG, 39))).containsExactly(30L);
        assertThat(index.find(LOG, 40)).isEmpty();
        assertThat(index.find(2, 0)).isEmpty();
    }

    @Test
    void goesOnFromPageToPage() {
        List<PieceIndex.Entry> known = index.add(LOG, pieces(2, 3));
        assertThat(bases(index.add(LOG, pieces(0, 5)))).containsExactly(0L, 10L);
        assertThat(bases(index.find(LOG, 5))).containsExactly(0L, 10L);
        assertThat(index.find(LOG, 20)).isEqualTo(known);
    }

    @Test
    void keepsTheNewerOfTwoPagesThatDoNotGoTogether() {
        index.add(LOG, pieces(0, 3));
        index.add(LOG, pieces(2, 3));
        assertThat(index.find(LOG, 5)).isEmpty();
        assertThat(bases(index.find(LOG, 25))).containsExactly(20L, 30L, 40L);
        List<Sequencer.Piece> merged =
                List.of(
                        new Sequencer.Piece(0, 29, "merged", 0, 300, true),
                        new Sequencer.Piece(30, 49, "merged", 300, 200, true));
        index.add(LOG, merged);
        assertThat(bases(index.find(LOG, 0))).containsExactly(0L, 30L);
        assertThat(bases(index.find(LOG, 25))).containsExactly(0L, 30L);
    }

    @Test
    void isBoundedAndForgetsWhatWasNotUsedForLongest() {
        index.add(LOG, pieces(0, 4));
        index.add(LOG, pieces(100, 4));
        index.find(LOG, 0);
        index.add(LOG, pieces(200, 4));
        assertThat(index.find(LOG, 0)).isNotEmpty();
        assertThat(index.find(LOG, 1_000)).isEmpty();
        assertThat(index.find(LOG, 2_000)).isNotEmpty();
    }

    @Test
    void forgetsWhatIsOld() {
        PieceIndex hasty = new PieceIndex(10, -1);
        hasty.add(LOG, pieces(0, 4));
        assertThat(hasty.find(LOG, 0)).isEmpty();
    }

    @Test
    void forgetsALog() {
        index.add(LOG, pieces(0, 4));
        index.add(2, pieces(0, 4));
        index.forget(LOG);
        assertThat(index.find(LOG, 0)).isEmpty();
        assertThat(index.find(2, 0)).isNotEmpty();
    }

    private static List<Sequencer.Piece> pieces(int first, int count) {
        List<Sequencer.Piece> pieces = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            pieces.add(new Sequencer.Piece(i * 10L, i * 10L + 9, "key", 0, 100, true));
        }
        return pieces;
    }

    private static List<Long> bases(List<PieceIndex.Entry> entries) {
        return entries.stream().map(entry -> entry.piece().baseOffset()).toList();
    }
}
