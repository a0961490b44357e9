package io.fleuve.broker.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.fleuve.broker.log.Append;
import io.fleuve.broker.log.AppendResult;
import io.fleuve.broker.log.LogSettings;
import io.fleuve.broker.log.ReadResult;
import io.fleuve.broker.log.SequencedLogs;
import io.fleuve.broker.metadata.ClusterImage;
import io.fleuve.broker.metadata.PartitionImage;
import io.fleuve.broker.metadata.TopicImage;
import io.fleuve.broker.postgres.PostgresPieceCatalog;
import io.fleuve.broker.postgres.PostgresSequencer;
import io.fleuve.broker.protocol.RecordCleaner;
import io.fleuve.broker.protocol.TopicPolicies;
import io.fleuve.broker.storage.DirectoryStore;
import io.fleuve.postgres.EmbeddedPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A log on a real database and a real directory, and upkeep that is told when to work. */
final class UpkeepFixture implements AutoCloseable {

    /** Objects are small and pieces too, so that a test has many of them. */
    private static final LogSettings LOG =
            new LogSettings(
                    8 << 20,
                    64 << 10,
                    Duration.ofMillis(200),
                    20,
                    1,
                    1,
                    8,
                    1_000,
                    Duration.ofMillis(500),
                    Duration.ofMillis(20),
                    Duration.ofSeconds(15),
                    Duration.ofMillis(50));

    /** A record as it was read. */
    record Seen(long offset, @Nullable String key, @Nullable String value) {}

    final JdbcClient jdbc;
    final Path directory;
    final SequencedLogs logs;
    final DirectoryStore store;
    final PostgresPieceCatalog catalog;
    private final EmbeddedPostgres postgres;
    private final HikariDataSource pool;
    private final HikariDataSource commits;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private volatile Map<String, TopicImage> topics = Map.of();

    UpkeepFixture(EmbeddedPostgres postgres, Path directory) throws IOException {
        this.directory = directory;
        this.postgres = postgres;
        pool = pool(8);
        commits = pool(1);
        JdbcClient.create(pool).sql("DROP SCHEMA IF EXISTS broker CASCADE").update();
        Flyway.configure()
                .dataSource(pool)
                .schemas("broker")
                .locations("classpath:db/broker")
                .load()
                .migrate();
        jdbc = JdbcClient.create(pool);
        store = new DirectoryStore(directory, 256 << 10, Clock.systemUTC());
        logs =
                new SequencedLogs(
                        LOG,
                        store,
                        new PostgresSequencer(pool, commits, 1),
                        registry,
                        Clock.systemUTC());
        logs.start();
        catalog = new PostgresPieceCatalog(jdbc);
    }

    private HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(postgres.user());
        config.setPassword(postgres.password());
        config.setSchema("broker");
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }

    /** Upkeep of the cluster's logs, with dead objects deleted at once. */
    Upkeep upkeep() {
        return upkeep(Duration.ofMillis(1), 1_000);
    }

    Upkeep upkeep(Duration grace, int compactionKeys) {
        return upkeep(grace, compactionKeys, Clock.systemUTC());
    }

    Upkeep upkeep(Duration grace, int compactionKeys, Clock clock) {
        return new Upkeep(
                store,
                catalog,
                () ->
                        new ClusterImage(
                                1,
                                "test",
                                Collections.emptySortedMap(),
                                new TreeMap<>(topics),
                                Map.of()),
                new TopicPolicies(Map.of()),
                new RecordCleaner(),
                new UpkeepSettings(
                        Duration.ofMillis(5),
                        8 << 10,
                        16 << 10,
                        64 << 10,
                        1L << 30,
                        Duration.ofSeconds(30),
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        compactionKeys,
                        Duration.ofMillis(1),
                        grace,
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        Duration.ofHours(1)),
                registry,
                clock);
    }

    double counted(String name) {
        return registry.get("fleuve.upkeep." + name).counter().count();
    }

    /** A topic of one partition; the number of its log. */
    long newLog(Map<String, String> configs) {
        long logId =
                jdbc.sql(
                                """
                                WITH new AS (INSERT INTO logs (log_id, leader_id, leader_epoch)
                                    VALUES (nextval('log_ids'), 1, 0) RETURNING log_id)
                                INSERT INTO upkeep (log_id) SELECT log_id FROM new RETURNING log_id
                                """)
                        .query(Long.class)
                        .single();
        Map<String, TopicImage> more = new TreeMap<>(topics);
        String name = "topic-" + logId;
        more.put(
                name,
                new TopicImage(
                        name,
                        UUID.randomUUID(),
                        false,
                        List.of(new PartitionImage(0, logId, 1, 0)),
                        configs));
        topics = more;
        return logId;
    }

    static SimpleRecord entry(long timestampMs, @Nullable String key, @Nullable String value) {
        return new SimpleRecord(
                timestampMs,
                key == null ? null : key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8));
    }

    CompletableFuture<AppendResult> append(long logId, SimpleRecord... records) {
        return append(logId, Compression.NONE, records);
    }

    CompletableFuture<AppendResult> append(
            long logId, Compression compression, SimpleRecord... records) {
        ByteBuffer made =
                MemoryRecords.withRecords(RecordBatch.MAGIC_VALUE_V2, 0, compression, records)
                        .buffer();
        return logs.append(new Append(logId, made, 0, false, false));
    }

    /** Everything that can be read, from the start of the log on, and not from memory. */
    List<Seen> read(long logId) {
        logs.forget(logId);
        var ends = logs.ends(logId).orElseThrow();
        List<Seen> seen = new ArrayList<>();
        long next = ends.logStartOffset();
        while (next < ends.highWatermark()) {
            ReadResult result = logs.read(logId, next, 20_000, true);
            if (!(result instanceof ReadResult.Batches found) || found.sizeBytes() == 0) {
                throw new AssertionError(
                        "log %d at %d of %s: %s".formatted(logId, next, ends, result));
            }
            for (ByteBuffer buffer : found.batches()) {
                ByteBuffer copy = ByteBuffer.allocate(buffer.remaining());
                copy.put(buffer.duplicate()).flip();
                for (RecordBatch batch : MemoryRecords.readableRecords(copy).batches()) {
                    batch.ensureValid();
                    for (Record each : batch) {
                        if (each.offset() >= ends.logStartOffset()) {
                            seen.add(new Seen(each.offset(), text(each.key()), text(each.value())));
                        }
                    }
                    next = batch.nextOffset();
                }
            }
        }
        return seen;
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : UTF_8.decode(bytes).toString();
    }

    long count(String table) {
        return jdbc.sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }

    /** How many intake objects may still be written, or wait to be merged. */
    long unmerged() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM objects WHERE open_until > clock_timestamp()
                            OR live_pieces > 0 AND intake AND NOT merged
                        """)
                .query(Long.class)
                .single();
    }

    /** What the counters say that is not so. */
    List<Map<String, Object>> wrongCounters() {
        return jdbc.sql(
                        """
                        SELECT 'object ' || object_key AS what, live_pieces, live_bytes, count(p.log_id) AS pieces,
                               coalesce(sum(p.size_bytes), 0) AS bytes
                        FROM objects LEFT JOIN pieces AS p USING (object_id)
                        GROUP BY object_id, object_key
                        HAVING live_pieces <> count(p.log_id) OR live_bytes <> coalesce(sum(p.size_bytes), 0)
                        UNION ALL
                        SELECT 'log ' || l.log_id, NULL, appended_bytes - removed_bytes, NULL, coalesce(sum(p.size_bytes), 0)
                        FROM logs AS l JOIN upkeep USING (log_id) LEFT JOIN pieces AS p USING (log_id)
                        GROUP BY l.log_id, appended_bytes, removed_bytes
                        HAVING appended_bytes - removed_bytes <> coalesce(sum(p.size_bytes), 0)
                        """)
                .query()
                .listOfRows();
    }

    @Override
    public void close() throws Exception {
        logs.close();
        commits.close();
        pool.close();
    }
}
