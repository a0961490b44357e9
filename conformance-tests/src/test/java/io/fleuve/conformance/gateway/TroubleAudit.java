package io.fleuve.conformance.gateway;

import io.fleuve.conformance.faults.LongList;
import io.fleuve.conformance.gateway.TroubleTally.Acknowledged;
import io.fleuve.gateway.CommittedRecords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Holds a topic against what clients were told of it. */
final class TroubleAudit {

    private TroubleAudit() {}

    static void audit(
            String bootstrap,
            String topic,
            int partitions,
            TroubleTally tally,
            List<EventsVisitor> readers) {
        Map<Integer, LongList> offsets = new TreeMap<>();
        Map<String, Integer> keyed = new HashMap<>();
        Map<String, String> expected = new HashMap<>();
        for (Acknowledged record : tally.acknowledged()) {
            expected.put(record.partition() + "@" + record.offset(), record.value());
        }
        if (expected.size() != tally.acknowledged().size()) {
            tally.violation("two records were said to be at the same place");
        }
        IntStream.range(0, partitions).forEach(p -> offsets.put(p, new LongList()));
        read(
                bootstrap,
                topic,
                partitions,
                record -> {
                    offsets.computeIfAbsent(record.partition(), _ -> new LongList())
                            .add(record.offset());
                    String place = record.partition() + "@" + record.offset();
                    String value = expected.remove(place);
                    if (value != null && !value.equals(record.value())) {
                        tally.violation("another record is at " + place + " than was said");
                    }
                    if (record.value().startsWith("\"" + TroubleKind.KEYED)) {
                        keyed.merge(record.value(), 1, Integer::sum);
                    }
                });
        expected.forEach(
                (place, value) ->
                        tally.violation(
                                "a record that was acknowledged is not at "
                                        + place
                                        + ": "
                                        + value));
        keyed.forEach(
                (value, times) -> {
                    if (times > 1) {
                        tally.violation("written %d times: %s".formatted(times, value));
                    }
                });
        readers.forEach(reader -> reader.audit(offsets));
    }

    private interface Take {
        void accept(ConsumerRecord<String, String> record);
    }

    private static void read(String bootstrap, String topic, int partitions, Take take) {
        List<TopicPartition> all =
                IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
        CommittedRecords.of(bootstrap, all).forEach(take::accept);
    }
}
