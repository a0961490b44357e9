package numbers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Copies numbers from one topic to another, each with the how-manieth of its group it is; the sink is exactly once,
 * with a transaction for each checkpoint and subtask, and with the time-out that Flink asks for, an hour.
 *
 * <p>Arguments: bootstrap address, input topic, output topic, directory of checkpoints, number of groups, naming
 * strategy of transactional ids, and the checkpoint to go on from, if any. Ends with its process. A record of the
 * output is {@code number group ordinal transaction position}, see {@link Stamp} for the last two; its key is the
 * group.
 */
public final class CountedNumbers {

    private static final int PARALLELISM = 2;

    private CountedNumbers() {}

    public static void main(String[] arguments) throws Exception {
        String servers = arguments[0];
        long groups = Long.parseLong(arguments[4]);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(
                PARALLELISM, configuration(arguments[3], arguments.length > 6 ? arguments[6] : ""));
        KafkaSource<String> source = KafkaSource.<String>builder()
                .setBootstrapServers(servers)
                .setTopics(arguments[1])
                .setGroupId("counted-numbers")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setValueOnlyDeserializer(new SimpleStringSchema())
                .build();
        // From the count on all is one chain: a transaction of the sink is what passes between two checkpoints.
        environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "numbers")
                .uid("numbers")
                .map(Long::valueOf)
                .returns(Types.LONG)
                .uid("parsed")
                .keyBy(number -> number % groups, Types.LONG)
                .process(new Count())
                .uid("counted")
                .map(new Stamp())
                .uid("stamped")
                .sinkTo(sink(servers, arguments[2], TransactionNamingStrategy.valueOf(arguments[5])))
                .uid("copy");
        environment.execute("counted numbers");
    }

    private static Configuration configuration(String checkpoints, String from) {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
        if (!from.isEmpty()) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, from);
        }
        return configuration;
    }

    private static KafkaSink<String> sink(String servers, String topic, TransactionNamingStrategy naming) {
        SerializationSchema<String> key =
                value -> value.split(" ", 3)[1].getBytes(StandardCharsets.UTF_8);
        return KafkaSink.<String>builder()
                .setBootstrapServers(servers)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix("counted-numbers-" + naming)
                .setTransactionNamingStrategy(naming)
                .setRecordSerializer(KafkaRecordSerializationSchema.<String>builder()
                        .setTopic(topic)
                        .setKeySerializationSchema(key)
                        .setValueSerializationSchema(new SimpleStringSchema())
                        .build())
                .build();
    }

    /** Appends group and ordinal to a number. */
    private static final class Count extends KeyedProcessFunction<Long, Long, String> {

        private static final long serialVersionUID = 1L;

        private transient ValueState<Long> count;

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        }

        @Override
        public void processElement(Long number, Context context, Collector<String> out) throws Exception {
            Long before = count.value();
            long ordinal = before == null ? 1 : before + 1;
            count.update(ordinal);
            out.collect(number + " " + context.getCurrentKey() + " " + ordinal);
        }
    }
}
