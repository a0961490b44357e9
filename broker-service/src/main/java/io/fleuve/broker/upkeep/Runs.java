package io.fleuve.broker.upkeep;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Which pieces of a log are rewritten together. */
final class Runs {

    private Runs() {}

    /**
     * Chooses runs of neighbours that each hold a piece that must be moved.
     *
     * <p>Small pieces between two of these go with them. Earlier small neighbours do as long as
     * they are no larger than all that follows them: so a byte is rewritten a number of times that
     * grows with the logarithm of the size of a merged piece, and so does the number of small
     * pieces that a log has.
     *
     * @param pieces of one log, by offset
     * @param must those that must be moved
     * @param smallBytes others that are smaller may be moved
     */
    static List<List<Piece>> choose(List<Piece> pieces, Predicate<Piece> must, int smallBytes) {
        List<List<Piece>> runs = new ArrayList<>();
        int from = 0;
        for (int at = 0; at <= pieces.size(); at++) {
            boolean ends =
                    at == pieces.size()
                            || !(must.test(pieces.get(at))
                                    || pieces.get(at).sizeBytes() < smallBytes)
                            || (at > from
                                    && pieces.get(at - 1).lastOffset() + 1
                                            != pieces.get(at).baseOffset());
            if (ends) {
                addRun(runs, pieces.subList(from, at), must);
                from = at;
                if (at < pieces.size()
                        && !must.test(pieces.get(at))
                        && pieces.get(at).sizeBytes() >= smallBytes) {
                    from = at + 1;
                }
            }
        }
        return runs;
    }

    private static void addRun(List<List<Piece>> runs, List<Piece> stretch, Predicate<Piece> must) {
        int first = 0;
        while (first < stretch.size() && !must.test(stretch.get(first))) {
            first++;
        }
        if (first == stretch.size()) {
            return;
        }
        int last = stretch.size() - 1;
        while (!must.test(stretch.get(last))) {
            last--;
        }
        long size = 0;
        for (int i = first; i <= last; i++) {
            size += stretch.get(i).sizeBytes();
        }
        while (first > 0 && stretch.get(first - 1).sizeBytes() <= size) {
            first--;
            size += stretch.get(first).sizeBytes();
        }
        runs.add(List.copyOf(stretch.subList(first, last + 1)));
    }
}
