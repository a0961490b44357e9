package temperature;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.struct;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;

/**
 * Reads what has come into a topic of temperatures since the last run, and keeps the average of each region: Structured
 * Streaming, which has taken the place of {@code KafkaUtils.createStream}.
 *
 * <p>Arguments: bootstrap address, the topic of readings, the topic that the averages go to, the directory of the
 * checkpoint. Prints a line {@code scenario TAB fact TAB value} for each fact.
 */
public final class AverageByRegion {

    private AverageByRegion() {}

    public static void main(String[] arguments) throws Exception {
        String servers = arguments[0];
        String readings = arguments[1];
        String averages = arguments[2];
        String checkpoint = arguments[3];
        SparkSession spark = SparkSession.builder()
                .appName("average temperature by region")
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
        System.out.println("version\tSpark " + spark.version());
        StructType reading = new StructType().add("region", "string").add("celsius", "double").add("observedAt", "timestamp");
        Dataset<Row> byRegion = spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", servers)
                .option("subscribe", readings)
                .option("startingOffsets", "earliest")
                .load()
                .select(from_json(col("value").cast("string"), reading).as("reading"))
                .groupBy(col("reading.region").as("region"))
                .agg(count(lit(1)).as("count"), avg("reading.celsius").as("average"));
        byRegion.select(col("region").as("key"), to_json(struct(col("region"), col("count"), col("average"))).as("value"))
                .writeStream()
                .format("kafka")
                .outputMode("update")
                .option("kafka.bootstrap.servers", servers)
                .option("topic", averages)
                .option("checkpointLocation", checkpoint)
                .trigger(Trigger.AvailableNow())
                .start()
                .awaitTermination();
        print(spark, servers, averages);
        spark.stop();
    }

    /** What is in the topic of averages now, read as a table. */
    private static void print(SparkSession spark, String servers, String averages) {
        List<Row> written = spark.read()
                .format("kafka")
                .option("kafka.bootstrap.servers", servers)
                .option("subscribe", averages)
                .load()
                .selectExpr("CAST(key AS STRING)", "CAST(value AS STRING)", "offset")
                .orderBy("key", "offset")
                .collectAsList();
        Map<String, String> byRegion = new TreeMap<>();
        for (Row row : written) {
            byRegion.merge(row.getString(0), row.getString(1), (one, next) -> one + " then " + next);
        }
        byRegion.forEach((region, average) ->
                System.out.printf("average temperature by region\t%s\t%s%n", region, average));
    }
}
