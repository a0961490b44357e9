package io.fleuve.conformance.transactions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** All transactions, by id, and what went wrong while they were under way. */
final class History {

    private final List<Transaction> transactions = new ArrayList<>();
    private final Map<String, Integer> errors = new TreeMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    synchronized Transaction begin(int processor) {
        Transaction transaction = new Transaction(transactions.size(), processor);
        transactions.add(transaction);
        return transaction;
    }

    synchronized List<Transaction> transactions() {
        return List.copyOf(transactions);
    }

    /** A client got an error, as happens under faults. */
    synchronized void error(Exception error) {
        errors.merge(error.getClass().getSimpleName(), 1, Integer::sum);
    }

    synchronized Map<String, Integer> errors() {
        return Map.copyOf(errors);
    }

    Queue<String> violations() {
        return violations;
    }
}
