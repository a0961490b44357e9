package io.fleuve.conformance.fuzz;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics that requests name, and removes what mutated requests have made: a changed name
 * is often a valid one.
 */
final class Janitor {

    private static final Logger LOGGER = LoggerFactory.getLogger(Janitor.class);

    private final String bootstrapServers;
    private long deletedTopics;

    Janitor(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** One for each task, so that none of its connections is left. */
    private Admin connect() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Makes {@link PlausibleValues#TOPICS}; returns their ids in the same order. */
    List<Uuid> prepare() throws InterruptedException, ExecutionException {
        try (Admin admin = connect()) {
            List<NewTopic> topics =
                    PlausibleValues.TOPICS.stream()
                            .map(name -> new NewTopic(name, PlausibleValues.PARTITIONS, (short) 1))
                            .toList();
            admin.createTopics(topics).all().get();
            Map<String, TopicDescription> described =
                    admin.describeTopics(PlausibleValues.TOPICS).allTopicNames().get();
            List<Uuid> ids = new ArrayList<>();
            for (String name : PlausibleValues.TOPICS) {
                TopicDescription topic = described.get(name);
                if (topic == null) {
                    throw new IllegalStateException("the topic was not made: " + name);
                }
                ids.add(topic.topicId());
            }
            return ids;
        }
    }

    /** Deletes topics that mutated requests have made. */
    void sweepTopics() throws InterruptedException, ExecutionException {
        try (Admin admin = connect()) {
            Set<String> others = new HashSet<>(admin.listTopics().names().get());
            PlausibleValues.TOPICS.forEach(others::remove);
            if (others.isEmpty()) {
                return;
            }
            deletedTopics += others.size();
            try {
                admin.deleteTopics(others).all().get();
            } catch (ExecutionException e) {
                // A mutated request was faster; what is left is deleted next time.
                LOGGER.atDebug().setCause(e).log("a topic was not deleted");
            }
        }
    }

    /** Removes the members of all groups, and the groups. */
    void sweepGroups() throws InterruptedException, ExecutionException {
        try (Admin admin = connect()) {
            Set<String> groups =
                    admin.listGroups().all().get().stream()
                            .map(GroupListing::groupId)
                            .collect(Collectors.toSet());
            for (String group : groups) {
                try {
                    admin.removeMembersFromConsumerGroup(
                                    group, new RemoveMembersFromConsumerGroupOptions())
                            .all()
                            .get();
                } catch (ExecutionException e) {
                    LOGGER.atDebug().setCause(e).addKeyValue("group", group).log("members stay");
                }
            }
            try {
                admin.deleteConsumerGroups(groups).all().get();
            } catch (ExecutionException e) {
                LOGGER.atDebug().setCause(e).log("a group stays");
            }
        }
    }

    long deletedTopics() {
        return deletedTopics;
    }
}
