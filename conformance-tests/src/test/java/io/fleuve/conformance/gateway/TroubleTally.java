package io.fleuve.conformance.gateway;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What has been asked and answered; may be used by all threads. */
final class TroubleTally {

    private static final int VIOLATIONS_TOLD = 100;

    private final Map<TroubleKind, Map<String, Long>> answers = new EnumMap<>(TroubleKind.class);
    private final Map<TroubleKind, Long> slowestMs = new EnumMap<>(TroubleKind.class);
    private final Map<TroubleKind, Long> lastSuccess = new EnumMap<>(TroubleKind.class);
    private final Map<TroubleKind, Long> slowestRecoveryMs = new EnumMap<>(TroubleKind.class);
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final Map<String, Integer> violations = new LinkedHashMap<>();

    /** A record that an answer says to be there. */
    record Acknowledged(int partition, long offset, String value) {}

    /** An answer, in one word or two. */
    synchronized void count(TroubleKind kind, String answer) {
        answers.computeIfAbsent(kind, _ -> new TreeMap<>()).merge(answer, 1L, Long::sum);
    }

    synchronized void took(TroubleKind kind, long millis) {
        slowestMs.merge(kind, millis, Math::max);
    }

    /** Something of this kind has been done just now. */
    synchronized void success(TroubleKind kind) {
        lastSuccess.put(kind, System.nanoTime());
    }

    synchronized void acknowledged(int partition, long offset, String value) {
        acknowledged.add(new Acknowledged(partition, offset, value));
    }

    /** The same words are told once, and counted. */
    synchronized void violation(String words) {
        if (violations.containsKey(words) || violations.size() < VIOLATIONS_TOLD) {
            violations.merge(words, 1, Integer::sum);
            System.out.println("VIOLATION: " + words);
        } else {
            violations.merge("and others, which are not told", 1, Integer::sum);
        }
    }

    /** Those kinds that have done nothing since then ({@link System#nanoTime}). */
    synchronized List<TroubleKind> idleSince(long nanoTime) {
        List<TroubleKind> idle = new ArrayList<>();
        for (TroubleKind kind : TroubleKind.values()) {
            Long last = lastSuccess.get(kind);
            if (last == null || last - nanoTime <= 0) {
                idle.add(kind);
            } else {
                slowestRecoveryMs.merge(kind, 0L, Math::max);
            }
        }
        return idle;
    }

    synchronized void recovered(TroubleKind kind, long millis) {
        slowestRecoveryMs.merge(kind, millis, Math::max);
    }

    synchronized Map<String, Long> answers(TroubleKind kind) {
        return Map.copyOf(answers.getOrDefault(kind, Map.of()));
    }

    synchronized long slowestMs(TroubleKind kind) {
        return slowestMs.getOrDefault(kind, 0L);
    }

    synchronized long slowestRecoveryMs(TroubleKind kind) {
        return slowestRecoveryMs.getOrDefault(kind, 0L);
    }

    synchronized List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    synchronized Map<String, Integer> violations() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(violations));
    }

    synchronized long requests() {
        return answers.values().stream()
                .flatMap(byAnswer -> byAnswer.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }
}
