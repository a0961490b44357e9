package io.fleuve.gateway.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaErrorsTest {

    static Stream<Arguments> codes() {
        return Stream.of(
                Arguments.of(new SaslAuthenticationException("m"), 401, 40101),
                Arguments.of(new TopicAuthorizationException("m"), 403, 40301),
                Arguments.of(new UnknownTopicOrPartitionException("m"), 404, 40403),
                Arguments.of(
                        new TimeoutException(
                                "Topic t not present in metadata after 5 ms.",
                                new UnknownTopicOrPartitionException("m")),
                        404,
                        40401),
                Arguments.of(
                        new TimeoutException(
                                "Partition 7 of topic t with partition count 3 is not present in metadata after 5 ms."),
                        404,
                        40401),
                Arguments.of(
                        new TimeoutException("Topic t not present in metadata after 5 ms."),
                        500,
                        50003),
                Arguments.of(new TimeoutException("m"), 500, 50003),
                Arguments.of(new NotEnoughReplicasException("m"), 500, 50003),
                Arguments.of(new InvalidProducerEpochException("m"), 500, 50003),
                Arguments.of(new ProducerFencedException("m"), 500, 50003),
                Arguments.of(new UnknownProducerIdException("m"), 500, 50003),
                Arguments.of(new TransactionAbortedException("m"), 500, 50003),
                Arguments.of(new RecordTooLargeException("m"), 413, 413),
                Arguments.of(new TopicExistsException("m"), 400, 40002),
                Arguments.of(new InvalidTopicException("m"), 400, 40002),
                Arguments.of(new ThrottlingQuotaExceededException("m"), 429, 42901),
                Arguments.of(new BrokerNotAvailableException("m"), 503, 50302),
                Arguments.of(new KafkaException("x", new ConfigException("m")), 503, 50302),
                Arguments.of(new KafkaException("m"), 500, 50002));
    }

    @ParameterizedTest
    @MethodSource("codes")
    void mapsKafkasExceptionsToConfluentsCodes(KafkaException exception, int status, int code) {
        for (Throwable wrapped :
                new Throwable[] {
                    exception,
                    new ExecutionException(exception),
                    new CompletionException(new ExecutionException(exception))
                }) {
            RestError error = KafkaErrors.toRestError(wrapped);
            assertThat(error).isNotNull();
            assertThat(error.status()).isEqualTo(status);
            assertThat(error.errorCode()).isEqualTo(code);
            assertThat(error.message()).contains("m");
        }
    }

    @Test
    void knowsNothingOfOtherExceptions() {
        assertThat(KafkaErrors.toRestError(new IllegalStateException("ours"))).isNull();
    }
}
