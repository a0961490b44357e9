package io.fleuve.conformance.exactlyonce;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Judges copies of the numbers from 0, each in the group of its remainder. */
final class CopyAudit {

    /** Of one kind, the rest is only counted. */
    private static final int SHOWN = 10;

    private final long numbers;
    private final int groups;
    private final List<String> violations = new ArrayList<>();

    /**
     * @param numbers how many were sent
     */
    CopyAudit(long numbers, int groups) {
        this.numbers = numbers;
        this.groups = groups;
    }

    /**
     * Everything that is wrong.
     *
     * @param committed all that is committed
     * @param uncommitted all that was written, with what was aborted
     * @param views what others have read of what is committed, by name
     */
    List<String> violations(
            List<Copy> committed, List<Copy> uncommitted, Map<String, List<Copy>> views) {
        eachOnce(committed);
        counted(committed);
        whole(committed, uncommitted);
        views.forEach((name, seen) -> same(name, committed, seen));
        return List.copyOf(violations);
    }

    private void eachOnce(List<Copy> committed) {
        Map<Long, List<Copy>> byNumber =
                committed.stream().collect(groupingBy(Copy::number, TreeMap::new, listed()));
        report(
                "a number is missing",
                LongStream.range(0, numbers).filter(n -> !byNumber.containsKey(n)).boxed());
        report(
                "a number is there more than once",
                byNumber.values().stream().filter(copies -> copies.size() > 1));
        report(
                "a number was never sent",
                byNumber.keySet().stream().filter(number -> number < 0 || number >= numbers));
    }

    /**
     * The count of a group is state of Flink's, so a state that does not fit the log shows here.
     */
    private void counted(List<Copy> committed) {
        report(
                "a number has the wrong group or ordinal",
                committed.stream()
                        .filter(
                                copy ->
                                        copy.group() != copy.number() % groups
                                                || copy.ordinal() != copy.number() / groups + 1));
        Map<Long, List<Copy>> byGroup =
                committed.stream()
                        .sorted()
                        .collect(groupingBy(Copy::group, TreeMap::new, listed()));
        List<Copy> disordered = new ArrayList<>();
        for (List<Copy> group : byGroup.values()) {
            for (int i = 1; i < group.size(); i++) {
                if (group.get(i).ordinal() <= group.get(i - 1).ordinal()) {
                    disordered.add(group.get(i));
                }
            }
        }
        report("a number is out of the order of its group", disordered.stream());
    }

    /**
     * Of a transaction either all that was written is committed, from its first record on, or
     * nothing.
     */
    private void whole(List<Copy> committed, List<Copy> uncommitted) {
        Set<Copy> written = new HashSet<>(uncommitted);
        report(
                "a committed record is not among the uncommitted",
                committed.stream().filter(copy -> !written.contains(copy)));
        Map<String, List<Copy>> all =
                uncommitted.stream().collect(groupingBy(Copy::transaction, TreeMap::new, listed()));
        Map<String, List<Copy>> visible =
                committed.stream().collect(groupingBy(Copy::transaction, TreeMap::new, listed()));
        List<String> torn = new ArrayList<>();
        visible.forEach(
                (transaction, records) -> {
                    int inAll = all.getOrDefault(transaction, List.of()).size();
                    TreeSet<Long> positions =
                            records.stream()
                                    .map(Copy::position)
                                    .collect(toCollection(TreeSet::new));
                    if (records.size() != inAll
                            || positions.size() != inAll
                            || positions.first() != 1
                            || positions.last() != inAll) {
                        torn.add(
                                "%s: %d of %d records, positions %d to %d"
                                        .formatted(
                                                transaction,
                                                records.size(),
                                                inAll,
                                                positions.first(),
                                                positions.last()));
                    }
                });
        report("a transaction is torn", torn.stream());
    }

    private void same(String name, List<Copy> committed, List<Copy> seen) {
        Set<Copy> due = new HashSet<>(committed);
        Set<Copy> is = new HashSet<>(seen);
        report(name + " has not seen", due.stream().filter(copy -> !is.contains(copy)).sorted());
        report(
                name + " has seen what is not committed",
                is.stream().filter(copy -> !due.contains(copy)).sorted());
        if (is.size() != seen.size()) {
            violations.add("%s has seen %d records twice".formatted(name, seen.size() - is.size()));
        }
    }

    private void report(String what, Stream<?> found) {
        List<?> all = found.toList();
        all.stream().limit(SHOWN).forEach(one -> violations.add(what + ": " + one));
        if (all.size() > SHOWN) {
            violations.add("%s: %d more".formatted(what, all.size() - SHOWN));
        }
    }

    private static Collector<Copy, ?, List<Copy>> listed() {
        return Collectors.toList();
    }
}
