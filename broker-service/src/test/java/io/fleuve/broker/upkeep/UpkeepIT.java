package io.fleuve.broker.upkeep;

import static io.fleuve.broker.upkeep.UpkeepFixture.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.log.AppendResult;
import io.fleuve.broker.log.LogEnds;
import io.fleuve.broker.log.ReadResult;
import io.fleuve.broker.postgres.PostgresInspection;
import io.fleuve.broker.storage.ObjectWriter;
import io.fleuve.broker.upkeep.UpkeepFixture.Seen;
import io.fleuve.postgres.EmbeddedPostgres;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upkeep changes how a log lies, and nothing that a reader sees but what it was told to. */
class UpkeepIT {

    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final Map<String, String> KEPT = Map.of("retention.ms", "-1");
    private static final Map<String, String> COMPACTED =
            Map.of(
                    "cleanup.policy",
                    "compact",
                    "delete.retention.ms",
                    "0",
                    "min.cleanable.dirty.ratio",
                    "0");

    private static EmbeddedPostgres postgres;

    @TempDir private Path directory;
    private UpkeepFixture broker;

    @BeforeAll
    static void startDatabase() {
        postgres = EmbeddedPostgres.temporary();
    }

    @AfterAll
    static void stopDatabase() {
        postgres.close();
    }

    @BeforeEach
    void start() throws Exception {
        broker = new UpkeepFixture(postgres, directory);
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void mergesSmallPiecesAndDeletesTheObjectsTheyWereIn() throws Exception {
        List<Long> logIds = IntStream.range(0, 4).mapToObj(_ -> broker.newLog(KEPT)).toList();
        fill(logIds, 100);
        Map<Long, List<Seen>> before = readAll(logIds);
        assertThat(broker.count("pieces")).isGreaterThan(300);

        work(broker.upkeep());

        assertThat(readAll(logIds)).isEqualTo(before);
        assertThat(broker.count("pieces")).isLessThan(40);
        assertThat(broker.wrongCounters()).isEmpty();
        await().untilAsserted(
                        () -> {
                            broker.upkeep().round();
                            assertThat(files("intake")).isEmpty();
                        });
        assertThat(broker.count("objects")).isEqualTo(files("archive").size());
        assertThat(readAll(logIds)).isEqualTo(before);
    }

    @Test
    void findsRecordsByTimeAfterAMerge() throws Exception {
        long log = broker.newLog(KEPT);
        for (int i = 0; i < 50; i++) {
            // Times go back and forth.
            appended(log, entry(1_000L + (i % 7) * 100 + i, null, "v" + i));
        }
        work(broker.upkeep());
        long late = 1_000 + 6 * 100 + 48;
        ByteBuffer piece = broker.logs.seekTimestamp(log, 0, late).orElseThrow();
        assertThat(piece.getLong(0)).isLessThanOrEqualTo(48);
        assertThat(broker.logs.seekTimestamp(log, 0, late + 1)).isEmpty();
    }

    @Test
    void rewritesAByteOnlyAFewTimesWhenRecordsTrickleIn() throws Exception {
        long log = broker.newLog(KEPT);
        Upkeep upkeep = broker.upkeep();
        String value = "x".repeat(40);
        long appendedBytes = 0;
        for (int i = 0; i < 40; i++) {
            appended(log, entry(1_000, null, value));
            appendedBytes += 61 + 50;
            work(upkeep);
        }
        assertThat(broker.count("pieces")).isLessThanOrEqualTo(7);
        // Each byte at most once a doubling: log2 of 40, and one.
        assertThat(broker.counted("written.bytes")).isLessThan(7.0 * appendedBytes);
    }

    @Test
    void keepsADeadObjectForAsLongAsAReaderMayKnowOfIt() throws Exception {
        long log = broker.newLog(KEPT);
        fill(List.of(log), 20);
        work(broker.upkeep(Duration.ofHours(1), 1_000));
        broker.upkeep(Duration.ofHours(1), 1_000).round();
        assertThat(files("intake")).isNotEmpty();
    }

    @Test
    void deletesWhatIsOlderThanRetention() throws Exception {
        long now = System.currentTimeMillis();
        long log = broker.newLog(Map.of("retention.ms", Long.toString(DAY_MS)));
        for (int i = 0; i < 20; i++) {
            appended(log, entry(now - 2 * DAY_MS, null, "v" + i));
        }
        await().untilAsserted(
                        () -> {
                            broker.upkeep().round();
                            assertThat(broker.logs.ends(log)).contains(new LogEnds(20, 20));
                        });
        for (int i = 20; i < 30; i++) {
            appended(log, entry(now, null, "v" + i));
        }
        work(broker.upkeep());
        assertThat(broker.read(log)).extracting(Seen::offset).first().isEqualTo(20L);
        assertThat(broker.logs.read(log, 3, 1_000, true))
                .isEqualTo(new ReadResult.OutOfRange(20, 30));
        assertThat(broker.wrongCounters()).isEmpty();

        // A retention that is changed while all is running holds for what is there, too.
        long other = broker.newLog(Map.of("retention.ms", "1"));
        appended(other, entry(now - 1_000, null, "old"));
        broker.upkeep().round();
        assertThat(broker.logs.ends(other)).contains(new LogEnds(1, 1));
        assertThat(appended(other, entry(now + DAY_MS, null, "new"))).isEqualTo(1);
    }

    @Test
    void keepsAsManyBytesAsRetentionSays() throws Exception {
        long log = broker.newLog(Map.of("retention.ms", "-1", "retention.bytes", "50000"));
        for (int i = 0; i < 100; i++) {
            appended(log, entry(1_000, null, "x".repeat(1_000)));
        }
        work(broker.upkeep());
        LogEnds ends = broker.logs.ends(log).orElseThrow();
        long bytes =
                broker.jdbc
                        .sql("SELECT sum(size_bytes) FROM pieces WHERE log_id = ?")
                        .param(log)
                        .query(Long.class)
                        .single();
        // To the piece: merged ones have 16 kB here.
        assertThat(bytes).isBetween(50_000L, 50_000L + (16 << 10));
        assertThat(ends.highWatermark()).isEqualTo(100);
        assertThat(broker.read(log)).hasSize((int) (100 - ends.logStartOffset()));
        assertThat(broker.wrongCounters()).isEmpty();
    }

    @Test
    void removesThePiecesBeforeAStartThatWasRaised() throws Exception {
        long log = broker.newLog(KEPT);
        fill(List.of(log), 20);
        assertThat(broker.logs.raiseStart(log, 15)).contains(new LogEnds(15, 20));
        broker.upkeep().round();
        assertThat(broker.count("pieces WHERE last_offset < 15")).isZero();
        assertThat(broker.read(log)).hasSize(5);
        assertThat(broker.wrongCounters()).isEmpty();
    }

    @Test
    void keepsTheLatestRecordOfEachKey() throws Exception {
        long log = broker.newLog(COMPACTED);
        Random random = new Random(11);
        Map<String, Seen> latest = new LinkedHashMap<>();
        for (int i = 0; i < 400; i++) {
            SimpleRecord[] records = new SimpleRecord[10];
            for (int j = 0; j < records.length; j++) {
                String key = "key-" + random.nextInt(50);
                String value = random.nextInt(20) == 0 ? null : "value-" + i + "-" + j;
                records[j] = entry(1_000, key, value);
                latest.put(key, new Seen(i * 10L + j, key, value));
            }
            Compression compression = i % 2 == 0 ? Compression.NONE : Compression.gzip().build();
            assertThat(broker.append(log, compression, records).get())
                    .isInstanceOf(AppendResult.Appended.class);
        }
        Upkeep upkeep = broker.upkeep();
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            upkeep.round();
                            return broker.unmerged() == 0;
                        });
        upkeep.round();

        List<Seen> kept = broker.read(log);
        assertThat(kept).hasSameSizeAs(latest.keySet());
        assertThat(kept).containsExactlyInAnyOrderElementsOf(latest.values());
        assertThat(kept).isSortedAccordingTo((a, b) -> Long.compare(a.offset(), b.offset()));
        assertThat(broker.logs.ends(log)).contains(new LogEnds(0, 4_000));
        assertThat(broker.wrongCounters()).isEmpty();

        // Tombstones have had their time when the log is compacted again.
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 200; j++) {
                appended(log, entry(1_000, "another", "value"));
            }
            work(upkeep);
        }
        assertThat(broker.read(log)).filteredOn(seen -> seen.value() == null).isEmpty();
    }

    @Test
    void keepsTombstonesForAsLongAsTheTopicSays() throws Exception {
        long log =
                broker.newLog(
                        Map.of(
                                "cleanup.policy",
                                "compact",
                                "delete.retention.ms",
                                "86400000",
                                "min.cleanable.dirty.ratio",
                                "0"));
        appended(log, entry(1_000, "a", "1"));
        appended(log, entry(1_000, "a", null));
        work(broker.upkeep());
        appended(log, entry(1_000, "b", "2"), entry(1_000, "b", "3"), entry(1_000, "b", "4"));
        work(broker.upkeep());
        assertThat(broker.read(log)).containsExactly(new Seen(1, "a", null), new Seen(4, "b", "4"));
        Clock dayAfterTomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));
        appended(log, entry(1_000, "c", "5"), entry(1_000, "c", "6"), entry(1_000, "c", "7"));
        work(broker.upkeep(Duration.ofMillis(1), 1_000, dayAfterTomorrow));
        assertThat(broker.read(log)).containsExactly(new Seen(4, "b", "4"), new Seen(7, "c", "7"));
    }

    @Test
    void leavesRecordsAloneThatAreTooYoung() throws Exception {
        long log =
                broker.newLog(
                        Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", "3600000"));
        long now = System.currentTimeMillis();
        appended(log, entry(now, "a", "1"));
        appended(log, entry(now, "a", "2"));
        work(broker.upkeep());
        assertThat(broker.read(log)).hasSize(2);
    }

    @Test
    void compactsInSeveralPassesWhenThereAreMoreKeysThanMemory() throws Exception {
        long log = broker.newLog(COMPACTED);
        for (int round = 0; round < 3; round++) {
            for (int key = 0; key < 90; key += 3) {
                appended(
                        log,
                        entry(1_000, "k" + key, "v" + round),
                        entry(1_000, "k" + (key + 1), "v" + round),
                        entry(1_000, "k" + (key + 2), "v" + round));
            }
        }
        Upkeep upkeep = broker.upkeep(Duration.ofMillis(1), 40);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> {
                            upkeep.round();
                            assertThat(broker.read(log)).hasSize(90);
                        });
        assertThat(broker.read(log)).extracting(Seen::value).containsOnly("v2");
    }

    @Test
    void forgetsProducersThatHaveBeenIdle() throws Exception {
        long log = broker.newLog(KEPT);
        broker.jdbc
                .sql(
                        """
                        INSERT INTO producer_states VALUES
                            (?, 1, 0, '{0}', '{0}', '{0}', now() - interval '2 hours'),
                            (?, 2, 0, '{0}', '{0}', '{0}', now() - interval '2 minutes')
                        """)
                .params(log, log)
                .update();
        broker.upkeep().round();
        assertThat(
                        broker.jdbc
                                .sql("SELECT producer_id FROM producer_states")
                                .query(Long.class)
                                .list())
                .containsExactly(2L);
    }

    @Test
    void tellsToolsHowLargeALogIsAndWhoWritesToIt() throws Exception {
        long log = broker.newLog(KEPT);
        long empty = broker.newLog(KEPT);
        fill(List.of(log), 30);
        PostgresInspection inspection = new PostgresInspection(broker.jdbc);
        long bytes = inspection.bytes(List.of(log)).getOrDefault(log, 0L);
        assertThat(bytes).isGreaterThan(30 * 61);
        work(broker.upkeep());
        assertThat(inspection.bytes(List.of(log, empty, Long.MAX_VALUE)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(log, bytes, empty, 0L));
        broker.jdbc
                .sql(
                        "INSERT INTO producer_states VALUES (?, 7, 2, '{0,3}', '{2,5}', '{0,3}', now())")
                .param(log)
                .update();
        assertThat(inspection.of(log))
                .singleElement()
                .satisfies(
                        state -> {
                            assertThat(state.producerId()).isEqualTo(7);
                            assertThat(state.producerEpoch()).isEqualTo((short) 2);
                            assertThat(state.lastSequence()).isEqualTo(5);
                        });
        assertThat(inspection.of(empty)).isEmpty();
    }

    @Test
    void removesAllThatIsLeftOfALogThatWasDropped() throws Exception {
        long log = broker.newLog(KEPT);
        fill(List.of(log), 20);
        broker.jdbc.sql("UPDATE upkeep SET dropped = true").update();
        broker.jdbc.sql("DELETE FROM logs").update();
        await().untilAsserted(
                        () -> {
                            broker.upkeep().round();
                            assertThat(files("intake")).isEmpty();
                        });
        assertThat(broker.count("pieces")).isZero();
        assertThat(broker.count("upkeep")).isZero();
        assertThat(broker.count("objects")).isZero();
    }

    @Test
    void removesWhatTheDatabaseHasNeverHeardOf() throws Exception {
        long log = broker.newLog(KEPT);
        appended(log, entry(1_000, null, "kept"));
        try (ObjectWriter stranger = broker.store.create("intake/2020-01-01/stranger.log")) {
            stranger.append(List.of(ByteBuffer.allocate(10)));
        }
        await().untilAsserted(
                        () -> {
                            broker.upkeep().round();
                            assertThat(files("intake"))
                                    .noneMatch(name -> name.contains("stranger"));
                        });
        assertThat(broker.read(log)).hasSize(1);
    }

    /** Two brokers' upkeep, retention and readers at the same time as producers. */
    @Test
    void losesNothingWhileAllWorkAtTheSameTime() throws Exception {
        List<Long> logIds =
                new ArrayList<>(IntStream.range(0, 6).mapToObj(_ -> broker.newLog(KEPT)).toList());
        long compacted = broker.newLog(COMPACTED);
        Map<Long, Integer> written = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Upkeep one = broker.upkeep(Duration.ofSeconds(5), 1_000);
                Upkeep other = broker.upkeep(Duration.ofSeconds(5), 1_000)) {
            one.start();
            other.start();
            Future<?> reader =
                    threads.submit(
                            () -> {
                                for (int i = 0; i < 30; i++) {
                                    for (long log : logIds) {
                                        assertDense(broker.read(log));
                                    }
                                }
                            });
            Random random = new Random(5);
            for (int i = 0; i < 150; i++) {
                List<CompletableFuture<AppendResult>> flush = new ArrayList<>();
                for (long log : logIds) {
                    if (random.nextBoolean()) {
                        int n = written.merge(log, 1, Integer::sum) - 1;
                        flush.add(broker.append(log, entry(1_000, null, log + "-" + n)));
                    }
                }
                flush.add(broker.append(compacted, entry(1_000, "k" + i % 10, "v" + i)));
                for (CompletableFuture<AppendResult> each : flush) {
                    assertThat(each.get()).isInstanceOf(AppendResult.Appended.class);
                }
            }
            reader.get();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> broker.unmerged() == 0 && broker.read(compacted).size() == 10);
        }
        written.forEach(
                (log, count) -> {
                    List<Seen> seen = broker.read(log);
                    assertDense(seen);
                    assertThat(seen)
                            .extracting(Seen::value)
                            .containsExactlyElementsOf(
                                    IntStream.range(0, count)
                                            .mapToObj(n -> log + "-" + n)
                                            .toList());
                });
        assertThat(broker.read(compacted))
                .extracting(Seen::value)
                .containsExactlyElementsOf(
                        IntStream.range(140, 150).mapToObj(n -> "v" + n).toList());
        assertThat(broker.wrongCounters()).isEmpty();
        assertThat(broker.counted("failures")).isZero();
    }

    private static void assertDense(List<Seen> seen) {
        for (int i = 0; i < seen.size(); i++) {
            assertThat(seen.get(i).offset()).isEqualTo(i);
        }
    }

    /** Works until every object that was closed is merged, and every log compacted. */
    private void work(Upkeep upkeep) throws Exception {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> {
                            upkeep.round();
                            return broker.unmerged() == 0;
                        });
        upkeep.round();
    }

    private void fill(List<Long> logIds, int batches) throws Exception {
        for (int i = 0; i < batches; i++) {
            for (long log : logIds) {
                appended(log, entry(System.currentTimeMillis(), "k" + i, "v" + i));
            }
        }
    }

    /** Appends a batch of its own, and waits; its offset. */
    private long appended(long log, SimpleRecord... records) throws Exception {
        AppendResult result = broker.append(log, records).get();
        assertThat(result).isInstanceOf(AppendResult.Appended.class);
        return ((AppendResult.Appended) result).baseOffset();
    }

    private Map<Long, List<Seen>> readAll(List<Long> logIds) {
        Map<Long, List<Seen>> all = new LinkedHashMap<>();
        logIds.forEach(log -> all.put(log, broker.read(log)));
        return all;
    }

    private List<String> files(String kind) throws Exception {
        Path root = directory.resolve(kind);
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }
}
