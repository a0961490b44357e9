package io.fleuve.gateway.errors;

import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TopicDeletionDisabledException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Kafka's exceptions in the codes of Confluent's REST proxy. */
public final class KafkaErrors {

    private static final String NOT_IN_METADATA = "not present in metadata";

    private KafkaErrors() {}

    /** The exception that a future or a stage wrapped, or the exception itself. */
    public static Throwable unwrap(Throwable throwable) {
        Throwable current = throwable;
        while (current instanceof ExecutionException || current instanceof CompletionException) {
            Throwable cause = current.getCause();
            if (cause == null) {
                return current;
            }
            current = cause;
        }
        return current;
    }

    /** The answer for a failure of a Kafka client, or null if it is not one of Kafka's. */
    public static @Nullable RestError toRestError(Throwable throwable) {
        return switch (unwrap(throwable)) {
            case RestException e -> e.error();
            case AuthenticationException e -> error(401, RestError.AUTHENTICATION, e);
            case AuthorizationException e -> error(403, RestError.AUTHORIZATION, e);
            case BrokerNotAvailableException e -> error(503, RestError.BROKER_NOT_AVAILABLE, e);
            case ThrottlingQuotaExceededException e -> error(429, RestError.TOO_MANY_REQUESTS, e);
            case RecordTooLargeException e -> error(413, 413, e);
            case UnknownTopicOrPartitionException e -> unknownTopic(e);
            case UnknownTopicIdException e -> unknownTopic(e);
            case GroupIdNotFoundException e -> error(404, 404, e);
            case GroupNotEmptyException e -> error(409, RestError.GROUP_NOT_EMPTY, e);
            case org.apache.kafka.common.errors.TimeoutException e when isMissingTopic(e) ->
                    error(404, RestError.TOPIC_NOT_FOUND, e);
            case KafkaException e when isCallersFault(e) ->
                    error(400, RestError.BAD_REQUEST_BY_KAFKA, e);
            case RetriableException e -> error(500, RestError.KAFKA_RETRIABLE, e);
            case KafkaException e when isOfOurProducer(e) ->
                    error(500, RestError.KAFKA_RETRIABLE, e);
            case ConfigException e -> error(503, RestError.BROKER_NOT_AVAILABLE, e);
            case KafkaException e when e.getCause() instanceof ConfigException cause ->
                    error(503, RestError.BROKER_NOT_AVAILABLE, cause);
            case KafkaException e -> error(500, RestError.KAFKA, e);
            default -> null;
        };
    }

    private static boolean isCallersFault(KafkaException e) {
        return e instanceof InvalidReplicationFactorException
                || e instanceof InvalidReplicaAssignmentException
                || e instanceof SecurityDisabledException
                || e instanceof UnsupportedVersionException
                || e instanceof InvalidPartitionsException
                || e instanceof InvalidRequestException
                || e instanceof UnknownServerException
                || e instanceof PolicyViolationException
                || e instanceof TopicExistsException
                || e instanceof InvalidConfigurationException
                || e instanceof TopicDeletionDisabledException
                || e instanceof InvalidTopicException;
    }

    // The end of one producer of the gateway, after a fault that took longer than its transaction
    // may,
    // is nothing to a caller: another one takes its place.
    private static boolean isOfOurProducer(KafkaException e) {
        return e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof InvalidPidMappingException
                || e instanceof OutOfOrderSequenceException
                || e instanceof TransactionAbortableException
                || e instanceof TransactionAbortedException;
    }

    // A producer says the same when it has not been told anything: brokers may be away, and after a
    // while a client forgets the metadata that it had of them. Only with a cause has a broker said
    // so; only who knows the topic can miss a partition of it.
    private static boolean isMissingTopic(Throwable e) {
        String message = messageOf(e).toLowerCase(Locale.ROOT);
        return message.contains(NOT_IN_METADATA)
                && (e.getCause() instanceof UnknownTopicOrPartitionException
                        || message.startsWith("partition "));
    }

    private static RestError unknownTopic(Throwable e) {
        return error(404, RestError.UNKNOWN_TOPIC_OR_PARTITION, e);
    }

    private static RestError error(int status, int code, Throwable e) {
        return new RestError(status, code, messageOf(e));
    }

    /** What an exception says, or at least its name. */
    public static String messageOf(Throwable e) {
        String message = e.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        // Brokers may send a code without a word.
        return e instanceof ApiException
                ? Errors.forException(e).message()
                : e.getClass().getSimpleName();
    }
}
