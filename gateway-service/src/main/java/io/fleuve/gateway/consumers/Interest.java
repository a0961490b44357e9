package io.fleuve.gateway.consumers;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** What an instance reads. */
public sealed interface Interest {

    /** Nothing yet, or nothing any more. */
    record None() implements Interest {}

    /** Topics, whose partitions the group shares. */
    record Topics(List<String> names) implements Interest {
        public Topics {
            names = List.copyOf(names);
        }
    }

    /** Topics whose whole name matches, those to come included. */
    record Matching(String regex) implements Interest {}

    /** These partitions, whoever else reads them. */
    record Partitions(List<TopicPartition> partitions) implements Interest {
        public Partitions {
            partitions = List.copyOf(partitions);
        }
    }
}
