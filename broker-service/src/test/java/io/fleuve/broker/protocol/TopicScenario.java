package io.fleuve.broker.protocol;

import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.junit.jupiter.api.AfterEach;

/** A broker, and the means to create topics at it. */
abstract class TopicScenario {

    final ProtocolFixture broker =
            new ProtocolFixture(ProtocolFixture.settings(true, 1_000_000, 3));

    @AfterEach
    void stop() {
        broker.close();
    }

    static CreatableTopic wanted(String name, int partitions, int replicas) {
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) replicas);
    }

    static CreatableTopicConfigCollection config(String name, String value) {
        CreatableTopicConfigCollection configs = new CreatableTopicConfigCollection();
        configs.add(new CreatableTopicConfig().setName(name).setValue(value));
        return configs;
    }

    static CreatableTopicCollection set(CreatableTopic topic) {
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(topic);
        return topics;
    }

    CreatableTopicResult createTopic(int version, CreatableTopic topic) {
        return broker.ask(
                        new CreateTopicsRequestData().setTopics(set(topic)),
                        version,
                        CreateTopicsResponse.class)
                .data()
                .topics()
                .iterator()
                .next();
    }
}
