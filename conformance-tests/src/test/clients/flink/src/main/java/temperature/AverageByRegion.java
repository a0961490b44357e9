package temperature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;

/**
 * Averages what a topic of temperatures holds, by region and hour of event time.
 *
 * <p>Arguments: bootstrap address, the topic of readings, the topic that the averages go to, a directory, whose
 * name is that of the group whose offsets are committed. Prints a line {@code scenario TAB fact TAB value} for each fact.
 */
public final class AverageByRegion {

    private AverageByRegion() {}

    public static void main(String[] arguments) throws Exception {
        String servers = arguments[0];
        String readings = arguments[1];
        String averages = arguments[2];
        String group = Path.of(arguments[3]).getFileName().toString();
        System.out.println("version\tFlink " + EnvironmentInformation.getVersion());

        StreamExecutionEnvironment environment = environment();
        byRegion(environment, source(servers, readings, group)).sinkTo(sink(servers, averages));
        environment.execute("average temperature by region");

        Map<String, String> written = new TreeMap<>();
        StreamExecutionEnvironment reader = environment();
        try (CloseableIterator<String> values = reader.fromSource(
                        source(servers, averages, "reader-" + UUID.randomUUID()), WatermarkStrategy.noWatermarks(), "averages")
                .executeAndCollect()) {
            values.forEachRemaining(value -> {
                int end = value.indexOf('=');
                written.merge(value.substring(0, end), value.substring(end + 1), (one, next) -> one + " then " + next);
            });
        }
        written.forEach((window, average) -> System.out.printf("average temperature by region and hour\t%s\t%s%n", window, average));
    }

    private static StreamExecutionEnvironment environment() {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2);
        environment.enableCheckpointing(500);
        return environment;
    }

    private static KafkaSource<String> source(String servers, String topic, String group) {
        return KafkaSource.<String>builder()
                .setBootstrapServers(servers)
                .setTopics(topic)
                .setGroupId(group)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setBounded(OffsetsInitializer.latest())
                .setValueOnlyDeserializer(new SimpleStringSchema())
                .build();
    }

    private static KafkaSink<String> sink(String servers, String topic) {
        SerializationSchema<String> key = value -> value.substring(0, value.indexOf('@')).getBytes(StandardCharsets.UTF_8);
        return KafkaSink.<String>builder()
                .setBootstrapServers(servers)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(KafkaRecordSerializationSchema.<String>builder()
                        .setTopic(topic)
                        .setKeySerializationSchema(key)
                        .setValueSerializationSchema(new SimpleStringSchema())
                        .build())
                .build();
    }

    private static DataStream<String> byRegion(StreamExecutionEnvironment environment, KafkaSource<String> source) {
        // Records carry the time of observation, and are in order within a partition: the source keeps a watermark for each.
        return environment
                .fromSource(source, WatermarkStrategy.forMonotonousTimestamps(), "readings")
                .map(AverageByRegion::reading)
                .returns(Types.TUPLE(Types.STRING, Types.DOUBLE))
                .keyBy(reading -> reading.f0)
                .window(TumblingEventTimeWindows.of(Duration.ofHours(1)))
                .aggregate(new Average(), new Named());
    }

    private static Tuple2<String, Double> reading(String json) throws Exception {
        JsonNode reading = new ObjectMapper().readTree(json);
        return Tuple2.of(reading.get("region").asText(), reading.get("celsius").asDouble());
    }

    /** Count and sum. */
    private static final class Average
            implements AggregateFunction<Tuple2<String, Double>, Tuple2<Long, Double>, Tuple2<Long, Double>> {

        private static final long serialVersionUID = 1L;

        @Override
        public Tuple2<Long, Double> createAccumulator() {
            return Tuple2.of(0L, 0.0);
        }

        @Override
        public Tuple2<Long, Double> add(Tuple2<String, Double> reading, Tuple2<Long, Double> sofar) {
            return Tuple2.of(sofar.f0 + 1, sofar.f1 + reading.f1);
        }

        @Override
        public Tuple2<Long, Double> getResult(Tuple2<Long, Double> all) {
            return all;
        }

        @Override
        public Tuple2<Long, Double> merge(Tuple2<Long, Double> one, Tuple2<Long, Double> other) {
            return Tuple2.of(one.f0 + other.f0, one.f1 + other.f1);
        }
    }

    /** Puts region and window in front of the average. */
    private static final class Named extends ProcessWindowFunction<Tuple2<Long, Double>, String, String, TimeWindow> {

        private static final long serialVersionUID = 1L;

        @Override
        public void process(
                String region, Context context, Iterable<Tuple2<Long, Double>> results, Collector<String> out) {
            for (Tuple2<Long, Double> all : results) {
                out.collect(String.format(
                        "%s@%s=%d readings, average %.3f",
                        region, Instant.ofEpochMilli(context.window().getStart()), all.f0, all.f1 / all.f0));
            }
        }
    }
}
