package io.fleuve.broker.network;

import static io.fleuve.broker.network.RawClient.header;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** Kafka's classes cannot make an error answer of every request that they can parse. */
class NoErrorAnswerTest {

    @Test
    void refusedProduceWithoutRecordsClosesItsConnectionAndNamesTheReason() throws Exception {
        TopicProduceData topic = new TopicProduceData().setName("readings");
        topic.partitionData().add(new PartitionProduceData().setIndex(0).setRecords(null));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) 5).setTimeoutMs(1);
        request.topicData().mustAdd(topic);
        try (BrokerOnFakes broker = new BrokerOnFakes(ServerSettings.of("127.0.0.1", 0));
                RawClient client = new RawClient(broker.server.port())) {
            client.send(header(ApiKeys.PRODUCE, 9, 1), request);

            assertThat(client.isClosedByServer()).isTrue();
            assertThat(
                            broker.meters
                                    .get("fleuve.kafka.connections.cut")
                                    .tag("reason", "hang-up")
                                    .counter()
                                    .count())
                    .isEqualTo(1);
        }
    }
}
