package io.fleuve.broker.protocol.transactions;

import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.broker.protocol.RequestHandler;
import io.fleuve.broker.transaction.ProducerIdentity;
import io.fleuve.broker.transaction.TransactionCoordinator;
import io.fleuve.broker.transaction.TransactionException;
import io.fleuve.broker.transaction.TransactionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * AddPartitionsToTxn: takes partitions into a transaction. If one of them cannot be taken, none is.
 * From version 4 on there may be several transactions, and some that are only to be verified
 * (KIP-890), as brokers of Apache Kafka ask each other.
 */
final class AddPartitionsHandler implements RequestHandler<AddPartitionsToTxnRequest> {

    private static final short FIRST_VERSION_WITH_FENCED = 2;
    private static final short FIRST_VERSION_OF_BROKERS = 4;

    private final TransactionCoordinator transactions;
    private final PartitionLookup lookup;

    AddPartitionsHandler(TransactionCoordinator transactions, PartitionLookup lookup) {
        this.transactions = transactions;
        this.lookup = lookup;
    }

    @Override
    public CompletableFuture<? extends AbstractResponse> handle(
            RequestContext context, AddPartitionsToTxnRequest request) {
        short version = context.apiVersion();
        AddPartitionsToTxnResponseData data = new AddPartitionsToTxnResponseData();
        if (version < FIRST_VERSION_OF_BROKERS) {
            AddPartitionsToTxnTransaction asked =
                    new AddPartitionsToTxnTransaction()
                            .setTransactionalId(request.data().v3AndBelowTransactionalId())
                            .setProducerId(request.data().v3AndBelowProducerId())
                            .setProducerEpoch(request.data().v3AndBelowProducerEpoch())
                            .setTopics(request.data().v3AndBelowTopics());
            data.setResultsByTopicV3AndBelow(
                    AddPartitionsToTxnResponse.resultForTransaction(
                                    AddPartitionsToTxnResponse.V3_AND_BELOW_TXN_ID,
                                    answer(asked, version))
                            .topicResults());
        } else {
            for (AddPartitionsToTxnTransaction asked : request.data().transactions()) {
                data.resultsByTransaction()
                        .add(
                                AddPartitionsToTxnResponse.resultForTransaction(
                                        asked.transactionalId(), answer(asked, version)));
            }
        }
        return CompletableFuture.completedFuture(new AddPartitionsToTxnResponse(data));
    }

    private Map<TopicPartition, Errors> answer(AddPartitionsToTxnTransaction asked, short version) {
        Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
        Map<TopicPartition, Long> found = new LinkedHashMap<>();
        resolve(asked.topics(), found, errors);
        if (!errors.isEmpty()) {
            found.keySet()
                    .forEach(partition -> errors.put(partition, Errors.OPERATION_NOT_ATTEMPTED));
            return errors;
        }
        if (asked.transactionalId().isEmpty()) {
            return all(found, Errors.INVALID_REQUEST);
        }
        ProducerIdentity producer = new ProducerIdentity(asked.producerId(), asked.producerEpoch());
        try {
            if (asked.verifyOnly()) {
                return verify(asked.transactionalId(), producer, found);
            }
            transactions.join(asked.transactionalId(), producer, new ArrayList<>(found.values()));
            return all(found, Errors.NONE);
        } catch (TransactionException e) {
            return all(
                    found, TransactionErrors.of(e.error(), version >= FIRST_VERSION_WITH_FENCED));
        }
    }

    private void resolve(
            AddPartitionsToTxnTopicCollection topics,
            Map<TopicPartition, Long> found,
            Map<TopicPartition, Errors> errors) {
        for (TopicPartition asked : AddPartitionsToTxnRequest.getPartitions(topics)) {
            Optional<TopicImage> topic = lookup.topic(asked.topic());
            Optional<PartitionImage> partition =
                    topic.flatMap(it -> it.partition(asked.partition()));
            if (Topic.isInternal(asked.topic())) {
                errors.put(asked, Errors.TOPIC_AUTHORIZATION_FAILED);
            } else if (partition.isEmpty()) {
                errors.put(asked, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            } else {
                found.put(asked, partition.get().logId());
            }
        }
    }

    private Map<TopicPartition, Errors> verify(
            String id, ProducerIdentity producer, Map<TopicPartition, Long> asked)
            throws TransactionException {
        Optional<TransactionState> state = transactions.find(id);
        if (state.isEmpty() || state.get().producer().id() != producer.id()) {
            return all(asked, Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        if (state.get().producer().epoch() != producer.epoch()) {
            return all(asked, Errors.PRODUCER_FENCED);
        }
        List<Long> logs = state.get().logs();
        Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
        asked.forEach(
                (partition, logId) ->
                        errors.put(
                                partition,
                                logs.contains(logId) ? Errors.NONE : Errors.TRANSACTION_ABORTABLE));
        return errors;
    }

    private static Map<TopicPartition, Errors> all(
            Map<TopicPartition, Long> partitions, Errors error) {
        Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
        partitions.keySet().forEach(partition -> errors.put(partition, error));
        return errors;
    }
}
