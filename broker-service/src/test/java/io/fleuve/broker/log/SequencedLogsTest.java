package io.fleuve.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.broker.storage.DirectoryStore;
import io.fleuve.broker.storage.ObjectReader;
import io.fleuve.broker.storage.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequencedLogsTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.ofEpochMilli(1_700_000_000_000L), ZoneOffset.UTC);

    private static final long LOG = 11;

    @TempDir Path directory;
    private final InMemorySequencer sequencer = new InMemorySequencer();
    private final List<SequencedLogs> opened = new ArrayList<>();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private SequencedLogs logs;

    @BeforeEach
    void open() throws IOException {
        sequencer.create(LOG, 5);
        sequencer.create(12, 5);
        logs = open(meters, settings(1 << 20));
    }

    @AfterEach
    void close() throws InterruptedException {
        for (SequencedLogs each : opened) {
            each.close();
        }
    }

    @Test
    void appendsAndReadsBackWithOffsetsInPlace() {
        assertThat(append("a", "b")).isEqualTo(new AppendResult.Appended(0, -1, 0, false));
        assertThat(append("c")).isEqualTo(new AppendResult.Appended(2, -1, 0, false));
        assertThat(records(logs, 0)).containsExactly("0:a", "1:b", "2:c");
    }

    @Test
    void returnsTheWholeBatchThatHoldsTheOffset() {
        append("a", "b", "c");
        append("d");
        assertThat(records(logs, 1)).containsExactly("0:a", "1:b", "2:c", "3:d");
        assertThat(records(logs, 3)).containsExactly("3:d");
    }

    @Test
    void returnsAFirstBatchThatIsTooLargeOnlyWhenAsked() {
        append("a");
        append("b");
        assertThat(batches(logs.read(LOG, 0, 1, true)).batches()).hasSize(1);
        assertThat(batches(logs.read(LOG, 0, 1, false)).batches()).isEmpty();
    }

    @Test
    void tellsWhereTheLogEndsWhenThereIsNothingToRead() {
        append("a");
        assertThat(logs.read(LOG, 1, 100, true)).isEqualTo(new ReadResult.Batches(List.of(), 1, 0));
        assertThat(logs.read(LOG, 2, 100, true)).isEqualTo(new ReadResult.OutOfRange(0, 1));
        assertThat(logs.read(99, 0, 100, true)).isEqualTo(new ReadResult.UnknownLog());
    }

    @Test
    void writesLeaderEpochAndAppendTime() {
        AppendResult result =
                logs.append(new Append(LOG, TestBatches.batch("a"), 5, false, true)).join();
        assertThat(result).isEqualTo(new AppendResult.Appended(0, CLOCK.millis(), 0, false));
        var batch = TestBatches.first(batches(logs.read(LOG, 0, 1_000, true)).batches());
        batch.ensureValid();
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(5);
        assertThat(batch.maxTimestamp()).isEqualTo(CLOCK.millis());
        assertThat(batch.timestampType()).isEqualTo(TestBatches.APPEND_TIME);
    }

    @Test
    void keepsTheOrderOfPipelinedAppends() {
        List<CompletableFuture<AppendResult>> results =
                IntStream.range(0, 500)
                        .mapToObj(
                                i ->
                                        logs.append(
                                                append(
                                                        LOG,
                                                        TestBatches.batch(
                                                                7, (short) 0, i, "r" + i))))
                        .toList();
        for (int i = 0; i < 500; i++) {
            assertThat(results.get(i).join()).isEqualTo(new AppendResult.Appended(i, -1, 0, false));
        }
    }

    @Test
    void readsFromTheStoreWhatHasLeftTheCaches() throws IOException {
        SequencedLogs small = open(new SimpleMeterRegistry(), settings(1));
        for (int i = 0; i < 50; i++) {
            small.append(append(LOG, TestBatches.batch("r" + i))).join();
        }
        assertThat(readAll(small))
                .isEqualTo(IntStream.range(0, 50).mapToObj(i -> i + ":r" + i).toList());
    }

    @Test
    void answersOnceTheOutcomeIsKnownThoughTheAnswerWasLost() {
        sequencer.failAfter(2);
        assertThat(append("a")).isEqualTo(new AppendResult.Appended(0, -1, 0, false));
        sequencer.failBefore(2);
        assertThat(append("b")).isEqualTo(new AppendResult.Appended(1, -1, 0, false));
        assertThat(records(logs, 0)).containsExactly("0:a", "1:b");
        assertThat(meters.counter("fleuve.log.commit.retries").count()).isEqualTo(4);
    }

    @Test
    void consumesNothingWhenTheStoreFails() throws IOException {
        FailingStore failing = new FailingStore(store());
        SequencedLogs unlucky = open(failing, new SimpleMeterRegistry(), settings(1 << 20));
        failing.fail = true;
        assertThat(unlucky.append(append(LOG, TestBatches.batch(7, (short) 0, 0, "a"))).join())
                .isInstanceOfSatisfying(
                        AppendResult.Rejected.class,
                        rejected ->
                                assertThat(rejected.error()).isEqualTo(AppendError.UNAVAILABLE));
        failing.fail = false;
        assertThat(unlucky.append(append(LOG, TestBatches.batch(7, (short) 0, 0, "a"))).join())
                .isEqualTo(new AppendResult.Appended(0, -1, 0, false));
        assertThat(records(unlucky, 0)).containsExactly("0:a");
    }

    @Test
    void refusesMoreThanMayWait() throws IOException {
        sequencer.failBefore(1_000_000);
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            results.add(logs.append(append(LOG, TestBatches.batch("x".repeat(1_000)))));
        }
        // Which ones is a matter of when the writer takes its first two flushes.
        assertThat(results.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                .isNotEmpty()
                .allSatisfy(
                        result ->
                                assertThat(result)
                                        .isInstanceOfSatisfying(
                                                AppendResult.Rejected.class,
                                                rejected ->
                                                        assertThat(rejected.error())
                                                                .isEqualTo(
                                                                        AppendError.OVERLOADED)));
        assertThat(results.getFirst()).isNotDone();
        sequencer.failBefore(0);
        assertThat(results.getFirst().join()).isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void findsInPlaceWhatItWouldRead() throws Exception {
        logs.close();
        logs = open(new SimpleMeterRegistry(), large());
        Random random = new Random(9);
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String value = "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 30_000 : 2_000));
            results.add(logs.append(append(LOG, TestBatches.batch(value, value))));
        }
        results.forEach(CompletableFuture::join);
        int inPlace = 0;
        for (long offset = 0; offset < 800; offset += 3) {
            int room = 1 + random.nextInt(300_000);
            ReadResult.Batches read = batches(logs.read(LOG, offset, Integer.MAX_VALUE, true));
            ReadResult.Batches found = batches(logs.readInPlace(LOG, offset, room, true, false));
            ByteBuffer expected = together(read.batches());
            List<ByteBuffer> parts = new ArrayList<>(found.batches());
            for (StoredBatches each : found.stored()) {
                try (ObjectReader object = each.open()) {
                    parts.add(object.read(each.position(), each.sizeBytes()));
                }
            }
            ByteBuffer all = together(parts);
            assertThat(all.remaining()).isEqualTo(found.sizeBytes()).isPositive();
            assertThat(expected.slice(0, all.remaining()))
                    .as("from %d, %d bytes", offset, room)
                    .isEqualTo(all);
            if (!found.stored().isEmpty()) {
                assertThat(all.remaining()).isLessThanOrEqualTo(room);
                inPlace++;
                List<String> records = TestBatches.read(List.of(all));
                assertThat(records.getLast())
                        .startsWith((found.stored().getLast().nextOffset() - 1) + ":");
            }
        }
        assertThat(inPlace).isGreaterThan(50);
    }

    /** Large flushes, hence large pieces, and next to nothing in memory. */
    private static LogSettings large() {
        return new LogSettings(
                64 << 20,
                4 << 20,
                Duration.ofMinutes(1),
                10_000,
                1,
                1,
                2,
                1_000,
                Duration.ofSeconds(30),
                Duration.ofMillis(5),
                Duration.ofMinutes(1),
                Duration.ofMillis(5));
    }

    private static ByteBuffer together(List<ByteBuffer> parts) {
        ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(part -> all.put(part.duplicate()));
        return all.flip();
    }

    @Test
    void refusesAfterItWasClosed() throws InterruptedException {
        logs.close();
        assertThat(logs.append(append(LOG, TestBatches.batch("a"))).join())
                .isInstanceOf(AppendResult.Rejected.class);
    }

    @Test
    void findsByTimestamp() {
        append("a", "b");
        append("c");
        assertThat(TestBatches.read(List.of(logs.seekTimestamp(LOG, 0, 1_001).orElseThrow())))
                .containsExactly("0:a", "1:b");
        assertThat(logs.seekTimestamp(LOG, 0, 5_000)).isEmpty();
    }

    @Test
    void twoBrokersWriteOneLogAndBothReadAllOfIt() throws IOException {
        SequencedLogs other = open(new SimpleMeterRegistry(), settings(1 << 20));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            SequencedLogs writer = random.nextBoolean() ? logs : other;
            writer.append(append(LOG, TestBatches.batch("r" + i))).join();
            expected.add(i + ":r" + i);
        }
        assertThat(readAll(logs)).as("seed %s", seed).isEqualTo(expected);
        assertThat(readAll(other)).as("seed %s", seed).isEqualTo(expected);
    }

    @Test
    void wakesWhoWaitsForThisBrokersAppends() throws Exception {
        try (HeadWatch watch = logs.watch(List.of(LOG))) {
            assertThat(watch.await(1)).isFalse();
            append("a");
            assertThat(watch.await(5_000)).isTrue();
        }
    }

    @Test
    void wakesWhoWaitsForAnotherBrokersAppends() throws Exception {
        SequencedLogs other = open(new SimpleMeterRegistry(), settings(1 << 20));
        append("a");
        assertThat(records(other, 0)).hasSize(1);
        try (HeadWatch watch = other.watch(List.of(LOG))) {
            append("b");
            assertThat(watch.await(5_000)).isTrue();
        }
        assertThat(records(other, 1)).containsExactly("1:b");
    }

    @Test
    void seesWhatABrokerHadWrittenThatHasLeft() throws IOException {
        append("a");
        assertThat(records(logs, 0)).containsExactly("0:a");
        logs.setPeersPresent(false);
        SequencedLogs other = open(new SimpleMeterRegistry(), settings(1 << 20));
        other.append(append(LOG, TestBatches.batch("b"))).join();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(records(logs, 1)).containsExactly("1:b"));
    }

    @Test
    void refusesWhatHasWaitedTooLongAndNeverWritesIt() throws IOException {
        SequencedLogs impatient =
                open(new SimpleMeterRegistry(), settings(1 << 20, Duration.ofSeconds(1)));
        sequencer.failBefore(1_000_000);
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            results.add(impatient.append(append(LOG, TestBatches.batch("x".repeat(1_000)))));
        }
        await().atMost(Duration.ofSeconds(10)).until(results.getLast()::isDone);
        assertThat(results.getLast().join())
                .isEqualTo(
                        new AppendResult.Rejected(
                                AppendError.UNAVAILABLE,
                                "the batch has waited too long to be written"));
        sequencer.failBefore(0);
        long appended =
                results.stream()
                        .filter(each -> each.join() instanceof AppendResult.Appended)
                        .count();
        assertThat(appended).isBetween(1L, 59L);
        assertThat(impatient.ends(LOG)).contains(new LogEnds(0, appended));
    }

    @Test
    void goesOnAfterAnErrorThatNobodyExpected() throws IOException {
        FailingStore failing = new FailingStore(store());
        SequencedLogs unlucky = open(failing, new SimpleMeterRegistry(), settings(1 << 20));
        failing.error = true;
        assertThat(unlucky.append(append(LOG, TestBatches.batch("a"))).join())
                .isInstanceOf(AppendResult.Rejected.class);
        failing.error = false;
        sequencer.refuse(1);
        assertThat(unlucky.append(append(LOG, TestBatches.batch("a"))).join())
                .isInstanceOf(AppendResult.Rejected.class);
        assertThat(unlucky.append(append(LOG, TestBatches.batch("a"))).join())
                .isEqualTo(new AppendResult.Appended(0, -1, 0, false));
        assertThat(unlucky.isOpen()).isTrue();
    }

    @Test
    void servesWhatItKnowsWhileTheDatabaseIsAway() {
        append("a");
        sequencer.failLookUps(true);
        assertThat(records(logs, 0)).containsExactly("0:a");
        await().during(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(records(logs, 1)).isEmpty());
        sequencer.failLookUps(false);
    }

    @Test
    void keepsABatchAndNotTheRequestThatItCameIn() {
        ByteBuffer batch = TestBatches.batch("a");
        ByteBuffer request = ByteBuffer.allocate(1 << 20);
        request.put(batch).flip();
        logs.append(append(LOG, request)).join();
        // Were it the request's own array that is kept, the record would be gone.
        Arrays.fill(request.array(), (byte) 0);
        assertThat(records(logs, 0)).containsExactly("0:a");
        assertThat(meters.get("fleuve.log.reads").tag("from", "tail").counter().count()).isOne();
    }

    @Test
    void keepsMemoryWithinTheCachesBounds() throws IOException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        SequencedLogs small = open(registry, settings(10_000));
        for (int i = 0; i < 100; i++) {
            small.append(append(LOG, TestBatches.batch("x".repeat(1_000)))).join();
        }
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () ->
                                assertThat(
                                                registry.get("fleuve.log.cache.size")
                                                        .tag("cache", "tail")
                                                        .gauge()
                                                        .value())
                                        .isBetween(5_000.0, 10_000.0));
    }

    private AppendResult append(String... values) {
        return logs.append(append(LOG, TestBatches.batch(values))).join();
    }

    private static Append append(long log, ByteBuffer batch) {
        return new Append(log, batch, 5, false, false);
    }

    private static List<String> records(PartitionLogs logs, long from) {
        return TestBatches.read(batches(logs.read(LOG, from, 1 << 20, true)).batches());
    }

    private static List<String> readAll(PartitionLogs logs) {
        List<String> all = new ArrayList<>();
        long next = 0;
        long end = logs.ends(LOG).orElseThrow().highWatermark();
        while (next < end) {
            List<String> some = records(logs, next);
            all.addAll(some);
            next += some.size();
        }
        return all;
    }

    private static ReadResult.Batches batches(ReadResult result) {
        assertThat(result).isInstanceOf(ReadResult.Batches.class);
        return (ReadResult.Batches) result;
    }

    private static LogSettings settings(long cacheBytes) {
        return settings(cacheBytes, Duration.ofMinutes(1));
    }

    private static LogSettings settings(long cacheBytes, Duration maxWait) {
        return new LogSettings(
                100_000,
                20_000,
                Duration.ofMinutes(1),
                1_000,
                cacheBytes,
                cacheBytes,
                2,
                1_000,
                Duration.ofSeconds(30),
                Duration.ofMillis(5),
                maxWait,
                Duration.ofMillis(5));
    }

    private DirectoryStore store() throws IOException {
        return new DirectoryStore(Files.createDirectories(directory), 100_000, CLOCK);
    }

    private SequencedLogs open(MeterRegistry registry, LogSettings settings) throws IOException {
        return open(store(), registry, settings);
    }

    private SequencedLogs open(ObjectStore store, MeterRegistry registry, LogSettings settings) {
        SequencedLogs each = new SequencedLogs(settings, store, sequencer, registry, CLOCK);
        each.start();
        opened.add(each);
        return each;
    }
}
