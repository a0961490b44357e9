package io.fleuve.conformance.gateway;

import io.fleuve.conformance.faults.LongList;
import io.fleuve.conformance.gateway.TroubleClient.Ask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Follows a topic as server-sent events, goes after a while without a word, and comes again to go
 * on where it was. Remembers the offset of each record, for an audit.
 */
final class EventsVisitor implements Visitor {

    private static final TroubleKind KIND = TroubleKind.EVENTS;

    /** Heartbeats are due every 15 s. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15 + 20);

    private static final Duration MEAN_STAY = Duration.ofSeconds(25);
    private static final Duration MEAN_ABSENCE = Duration.ofSeconds(2);

    private final String name;
    private final String topic;
    private final TroubleClient client;
    private final Random random;

    private final Map<Integer, LongList> seen = new HashMap<>();
    private @Nullable String lastId;
    private Map<Integer, Long> from = Map.of();
    private volatile long lastLine;
    private volatile boolean leaving;
    private boolean saidEnd;

    EventsVisitor(String name, String topic, TroubleClient client, long seed) {
        this.name = name;
        this.topic = topic;
        this.client = client;
        this.random = new Random(seed);
    }

    @Override
    public void visit(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            follow(over);
            Visitor.pause(MEAN_ABSENCE, random, over);
        }
    }

    private void follow(BooleanSupplier over) {
        Ask ask =
                Ask.get(KIND, "/topics/" + topic + "/events?from=end")
                        .with("Accept", "text/event-stream");
        if (lastId != null) {
            ask = ask.with("Last-Event-ID", lastId);
        }
        long start = System.nanoTime();
        try {
            HttpResponse<InputStream> response =
                    client.http().send(client.request(ask).build(), BodyHandlers.ofInputStream());
            client.took(ask, start);
            try (InputStream body = response.body()) {
                if (response.statusCode() == 200) {
                    client.judge(ask, 200, "");
                    stay(body, over);
                } else {
                    client.judge(
                            ask,
                            response.statusCode(),
                            new String(body.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        } catch (HttpTimeoutException e) {
            client.took(ask, start);
            client.tally().count(KIND, "none in time");
            client.tally().violation(ask + ": no answer within " + KIND.bound());
        } catch (IOException e) {
            client.tally().count(KIND, "connection broken");
            client.tally().violation(ask + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void stay(InputStream body, BooleanSupplier over)
            throws IOException, InterruptedException {
        leaving = false;
        saidEnd = false;
        lastLine = System.nanoTime();
        Thread reader = Thread.ofVirtual().start(() -> read(body));
        Visitor.pause(
                MEAN_STAY,
                random,
                () ->
                        over.getAsBoolean()
                                || !reader.isAlive()
                                || System.nanoTime() - lastLine > LONGEST_SILENCE.toNanos());
        if (reader.isAlive() && System.nanoTime() - lastLine > LONGEST_SILENCE.toNanos()) {
            client.tally().violation("events: not even a heartbeat for " + LONGEST_SILENCE);
        }
        leaving = true;
        body.close();
        reader.join();
    }

    private void read(InputStream body) {
        String event = "message";
        String id = lastId;
        String data = "";
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lastLine = System.nanoTime();
                if (line.isEmpty()) {
                    take(event, id, data);
                    event = "message";
                    data = "";
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data += line.substring(6);
                }
            }
            if (!leaving && !saidEnd) {
                client.tally().violation("events: ended without a reason");
            }
        } catch (IOException e) {
            if (!leaving) {
                client.tally().violation("events: broken off: " + e);
            }
        }
    }

    private void take(String event, @Nullable String id, String data) {
        if (id != null) {
            if (lastId == null) {
                from = positionOf(id);
            }
            lastId = id;
        }
        if (data.isEmpty()) {
            return;
        }
        JsonNode body = TroubleClient.MAPPER.readTree(data);
        switch (event) {
            case "message" -> {
                int partition = body.path("partition").intValue();
                seen.computeIfAbsent(partition, _ -> new LongList())
                        .add(body.path("offset").longValue());
                client.tally().success(KIND);
            }
            case "notice" -> client.tally().count(KIND, "notice " + body.path("code").asString());
            case "end" -> {
                saidEnd = true;
                client.tally().count(KIND, "end " + body.path("code").asString());
                if (body.path("code").asString().equals("failed")) {
                    client.tally().violation("events: ended as if for good: " + data);
                }
            }
            default -> client.tally().violation("events: " + event + ": " + data);
        }
    }

    /**
     * The ids' documented shape: base64url of checksums, then partitions and their next offsets.
     */
    private static Map<Integer, Long> positionOf(String id) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(id));
        bytes.position(9);
        Map<Integer, Long> next = new HashMap<>();
        long count = varint(bytes);
        int partition = -1;
        for (long i = 0; i < count; i++) {
            partition += 1 + (int) varint(bytes);
            next.put(partition, varint(bytes));
        }
        return next;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /** Holds what was seen against the offsets that are in the topic, in their order. */
    void audit(Map<Integer, LongList> topicOffsets) {
        String last = lastId;
        if (last == null) {
            client.tally().violation("events: " + name + " has never had a position");
            return;
        }
        Map<Integer, Long> until = positionOf(last);
        topicOffsets.forEach(
                (partition, offsets) ->
                        audit(
                                partition,
                                offsets,
                                from.getOrDefault(partition, 0L),
                                until.getOrDefault(partition, 0L)));
    }

    private void audit(int partition, LongList offsets, long first, long end) {
        LongList mine = seen.getOrDefault(partition, new LongList());
        int next = 0;
        for (int i = 0; i < offsets.size(); i++) {
            long offset = offsets.get(i);
            if (offset < first || offset >= end) {
                continue;
            }
            if (next >= mine.size() || mine.get(next) != offset) {
                client.tally()
                        .violation(
                                "events: %s was to see %d@%d, but saw %s"
                                        .formatted(
                                                name,
                                                partition,
                                                offset,
                                                next < mine.size() ? mine.get(next) : "nothing"));
                return;
            }
            next++;
        }
        if (next < mine.size()) {
            client.tally()
                    .violation(
                            "events: %s saw %d@%d, which is not there or was seen before"
                                    .formatted(name, partition, mine.get(next)));
        }
    }

    /** How many records it has seen. */
    long records() {
        return seen.values().stream().mapToLong(LongList::size).sum();
    }
}
