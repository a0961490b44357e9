package io.fleuve.broker.protocol.transactions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.broker.transaction.LogDirectory;
import io.fleuve.broker.transaction.TransactionCoordinator;
import io.fleuve.broker.transaction.TransactionException;
import io.fleuve.broker.transaction.TransactionState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.ListTransactionsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/** DescribeTransactions, ListTransactions and WriteTxnMarkers (KIP-664). */
final class TransactionAdministration {

    private static final long NOT_OPEN = -1;

    /** The states of Apache Kafka, some of which pass too fast to be seen here. */
    private static final Set<String> STATES =
            Set.of(
                    "Empty",
                    "Ongoing",
                    "PrepareCommit",
                    "PrepareAbort",
                    "CompleteCommit",
                    "CompleteAbort",
                    "PrepareEpochFence",
                    "Dead");

    private final TransactionCoordinator transactions;
    private final PartitionLookup lookup;
    private final Placement placement;
    private final Clock clock;

    TransactionAdministration(
            TransactionCoordinator transactions,
            PartitionLookup lookup,
            Placement placement,
            Clock clock) {
        this.transactions = transactions;
        this.lookup = lookup;
        this.placement = placement;
        this.clock = clock;
    }

    CompletableFuture<? extends AbstractResponse> describe(
            RequestContext context, DescribeTransactionsRequest request) {
        DescribeTransactionsResponseData data = new DescribeTransactionsResponseData();
        for (String id : request.data().transactionalIds()) {
            data.transactionStates().add(describe(id).setTransactionalId(id));
        }
        return CompletableFuture.completedFuture(new DescribeTransactionsResponse(data));
    }

    private DescribeTransactionsResponseData.TransactionState describe(String id) {
        DescribeTransactionsResponseData.TransactionState described =
                new DescribeTransactionsResponseData.TransactionState();
        if (id.isEmpty()) {
            return described.setErrorCode(Errors.INVALID_REQUEST.code());
        }
        TransactionState state;
        String name;
        try {
            Optional<TransactionState> found = transactions.find(id);
            if (found.isEmpty()) {
                return described.setErrorCode(Errors.TRANSACTIONAL_ID_NOT_FOUND.code());
            }
            state = found.get();
            name = nameOf(state, transactions.settling());
        } catch (TransactionException e) {
            return described.setErrorCode(TransactionErrors.of(e.error(), true).code());
        }
        for (long logId : state.logs()) {
            transactions.directory().find(logId).ifPresent(place -> add(described, place));
        }
        return described
                .setProducerId(state.producer().id())
                .setProducerEpoch(state.producer().epoch())
                .setTransactionState(name)
                .setTransactionTimeoutMs(state.timeoutMs())
                .setTransactionStartTimeMs(
                        state.startedAt().map(Instant::toEpochMilli).orElse(NOT_OPEN));
    }

    private static void add(
            DescribeTransactionsResponseData.TransactionState described, LogDirectory.Place place) {
        String name = place.topic().name();
        TopicData topic = described.topics().find(name);
        if (topic == null) {
            topic = new TopicData().setTopic(name);
            described.topics().add(topic);
        }
        topic.partitions().add(place.partition().index());
    }

    CompletableFuture<? extends AbstractResponse> list(
            RequestContext context, ListTransactionsRequest request) {
        return CompletableFuture.completedFuture(
                new ListTransactionsResponse(list(request.data())));
    }

    private ListTransactionsResponseData list(ListTransactionsRequestData asked) {
        ListTransactionsResponseData data = new ListTransactionsResponseData();
        Pattern pattern;
        try {
            String expression = asked.transactionalIdPattern();
            pattern = Pattern.compile(expression == null ? "" : expression);
        } catch (PatternSyntaxException _) {
            return data.setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code());
        }
        asked.stateFilters().stream()
                .filter(name -> !STATES.contains(name))
                .forEach(data.unknownStateFilters()::add);
        List<TransactionState> all;
        Set<Long> settling;
        try {
            all = transactions.list();
            settling = transactions.settling();
        } catch (TransactionException e) {
            return data.setErrorCode(TransactionErrors.of(e.error(), true).code());
        }
        for (TransactionState state : all) {
            String name = nameOf(state, settling);
            if (placement.isHere(state.id())
                    && matches(state, name, asked)
                    && (pattern.pattern().isEmpty() || pattern.matches(state.id()))) {
                data.transactionStates()
                        .add(
                                new ListTransactionsResponseData.TransactionState()
                                        .setTransactionalId(state.id())
                                        .setProducerId(state.producer().id())
                                        .setTransactionState(name));
            }
        }
        return data;
    }

    private boolean matches(
            TransactionState state, String name, ListTransactionsRequestData asked) {
        return (asked.stateFilters().isEmpty() || asked.stateFilters().contains(name))
                && (asked.producerIdFilters().isEmpty()
                        || asked.producerIdFilters().contains(state.producer().id()))
                && (asked.durationFilter() < 0 || ageMs(state) > asked.durationFilter());
    }

    /** Of one that is not open, the age is that of the epoch, as in Apache Kafka. */
    private long ageMs(TransactionState state) {
        Instant begin = state.startedAt().orElse(Instant.ofEpochMilli(NOT_OPEN));
        return Duration.between(begin, clock.instant()).toMillis();
    }

    /**
     * As Apache Kafka names it, where a transaction is complete once its groups have its offsets.
     *
     * @param settling the producers that wait for that, asked for after the state
     */
    private static String nameOf(TransactionState state, Set<Long> settling) {
        boolean complete =
                !settling.contains(state.producer().id()) && !settling.contains(state.last().id());
        return switch (state.phase()) {
            case EMPTY -> "Empty";
            case ONGOING -> "Ongoing";
            case COMMITTED -> complete ? "CompleteCommit" : "PrepareCommit";
            case ABORTED -> complete ? "CompleteAbort" : "PrepareAbort";
        };
    }

    /**
     * Aborts transactions for administrators. A transaction is aborted as a whole: without its
     * other partitions it would be torn. Brokers of Apache Kafka commit in this way, too; here
     * nobody has to.
     */
    CompletableFuture<? extends AbstractResponse> writeMarkers(
            RequestContext context, WriteTxnMarkersRequest request) {
        Map<Long, Map<TopicPartition, Errors>> errors = new HashMap<>();
        for (TxnMarkerEntry marker : request.markers()) {
            Map<TopicPartition, Errors> answers =
                    errors.computeIfAbsent(marker.producerId(), _ -> new HashMap<>());
            for (TopicPartition partition : marker.partitions()) {
                answers.put(partition, write(marker, partition));
            }
        }
        return CompletableFuture.completedFuture(new WriteTxnMarkersResponse(errors));
    }

    private Errors write(TxnMarkerEntry marker, TopicPartition partition) {
        Optional<TopicImage> topic = lookup.topic(partition.topic());
        if (topic.flatMap(it -> it.partition(partition.partition())).isEmpty()) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (marker.transactionResult() == TransactionResult.COMMIT) {
            return Errors.INVALID_TXN_STATE;
        }
        try {
            return transactions.abortOf(marker.producerId(), marker.producerEpoch())
                    ? Errors.NONE
                    : Errors.INVALID_PRODUCER_EPOCH;
        } catch (TransactionException e) {
            return TransactionErrors.of(e.error(), true);
        }
    }
}
