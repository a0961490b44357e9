package numbers;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Reads a topic at {@code read_committed}: as a stream into files for as long as its standard input is open, then on
 * from the stream's checkpoint to the end, and last as a table.
 *
 * <p>Arguments: bootstrap address, topic, a directory. Leaves there the files {@code stream} and {@code table} with a
 * line {@code partition offset value} for each record.
 */
public final class CommittedNumbers {

    private final SparkSession spark;
    private final Map<String, String> source;
    private final Path directory;

    private CommittedNumbers(SparkSession spark, Map<String, String> source, Path directory) {
        this.spark = spark;
        this.source = source;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder()
                .appName("committed numbers")
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "1")
                .getOrCreate();
        Map<String, String> source = Map.of(
                "kafka.bootstrap.servers", arguments[0],
                "kafka.isolation.level", "read_committed",
                "subscribe", arguments[1],
                "startingOffsets", "earliest");
        new CommittedNumbers(spark, source, Path.of(arguments[2])).read();
        spark.stop();
    }

    private void read() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        Thread input = new Thread(() -> awaitEnd(closed), "input");
        input.setDaemon(true);
        input.start();
        while (closed.getCount() > 0) {
            // A stream that an outage has ended goes on from its checkpoint.
            StreamingQuery query = stream(Trigger.ProcessingTime(1_000));
            try {
                while (closed.getCount() > 0 && !query.awaitTermination(500)) {
                    // Until the input ends.
                }
            } catch (StreamingQueryException e) {
                System.err.println("the stream ended and is started again: " + e);
            }
            query.stop();
        }
        stream(Trigger.AvailableNow()).awaitTermination();
        keep("stream", spark.read().text(directory.resolve("out").toString()).as(Encoders.STRING()));
        keep("table", lines(spark.read().format("kafka").options(source).load()).as(Encoders.STRING()));
    }

    private StreamingQuery stream(Trigger trigger) throws TimeoutException {
        return lines(spark.readStream().format("kafka").options(source).load())
                .writeStream()
                .format("text")
                .option("path", directory.resolve("out").toString())
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(trigger)
                .start();
    }

    private static Dataset<Row> lines(Dataset<Row> records) {
        Column[] fields = {col("partition"), col("offset"), col("value").cast("string")};
        return records.select(concat_ws(" ", fields).as("value"));
    }

    private void keep(String name, Dataset<String> lines) throws IOException {
        List<String> all = lines.collectAsList();
        Files.write(directory.resolve(name), all);
    }

    private static void awaitEnd(CountDownLatch closed) {
        try {
            while (System.in.read() >= 0) {
                // Nothing is expected but the end.
            }
        } catch (IOException e) {
            System.err.println("the standard input cannot be read, which ends it: " + e);
        } finally {
            closed.countDown();
        }
    }
}
