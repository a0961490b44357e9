package io.fleuve.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunsTest {

    private static final int SMALL = 100;
    private static final long OBJECT = 7;
    private static final long OTHER = 8;

    private final List<Piece> pieces = new ArrayList<>();
    private long next;

    @Test
    void takesNeighboursTogether() {
        own(10, 20, 30);
        assertThat(chosen()).containsExactly(List.of(10, 20, 30));
    }

    @Test
    void movesAPieceThatIsAlone() {
        own(10);
        assertThat(chosen()).containsExactly(List.of(10));
    }

    @Test
    void leavesLargePiecesOfOthersAloneAndEndsTheRunThere() {
        own(10, 20);
        others(500);
        own(30);
        assertThat(chosen()).containsExactly(List.of(10, 20), List.of(30));
    }

    @Test
    void takesSmallPiecesInBetween() {
        own(10);
        others(20);
        own(30);
        others(40);
        assertThat(chosen()).containsExactly(List.of(10, 20, 30));
    }

    @Test
    void goesBackForAsLongAsNeighboursAreNoLargerThanAllAfterThem() {
        others(60, 30, 25);
        own(10, 20);
        assertThat(chosen()).containsExactly(List.of(60, 30, 25, 10, 20));
    }

    @Test
    void doesNotGoBackToALargerNeighbour() {
        others(5, 31);
        own(10, 20);
        assertThat(chosen()).containsExactly(List.of(10, 20));
    }

    @Test
    void doesNotGoAcrossAGap() {
        others(5);
        next += 1;
        own(10);
        assertThat(chosen()).containsExactly(List.of(10));
    }

    @Test
    void movesLargePiecesThatMust() {
        own(500, 10);
        others(500);
        assertThat(chosen()).containsExactly(List.of(500, 10));
    }

    @Test
    void choosesNothingWhereNothingMust() {
        others(10, 20);
        assertThat(chosen()).isEmpty();
    }

    private void own(int... sizes) {
        add(OBJECT, sizes);
    }

    private void others(int... sizes) {
        add(OTHER, sizes);
    }

    private void add(long objectId, int... sizes) {
        for (int size : sizes) {
            pieces.add(new Piece(1, next, next + 4, objectId, "key", 0, size, 0, 0, true));
            next += 5;
        }
    }

    private List<List<Integer>> chosen() {
        return Runs.choose(pieces, piece -> piece.objectId() == OBJECT, SMALL).stream()
                .map(run -> run.stream().map(Piece::sizeBytes).toList())
                .toList();
    }
}
