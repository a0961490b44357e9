package io.fleuve.broker.metadata;

/** What became of the creation of a topic. */
public sealed interface CreateTopicResult {

    /** The topic is new. */
    record Created(TopicImage topic) implements CreateTopicResult {}

    /** There was one of that name; nothing has changed. */
    record Exists(TopicImage topic) implements CreateTopicResult {}
}
