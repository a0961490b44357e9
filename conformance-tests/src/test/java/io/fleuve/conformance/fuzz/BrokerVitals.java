package io.fleuve.conformance.fuzz;

import io.fleuve.conformance.platform.BrokerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a broker holds.
 *
 * @param connections open connections of Kafka clients
 * @param heapBytes what lives in its heap after a full collection
 * @param virtualThreads its virtual threads
 * @param platformThreads its other threads
 * @param openFiles its file handles, sockets included
 * @param inFlight requests without an answer
 * @param queuedBytes bytes of those
 */
record BrokerVitals(
        int connections,
        long heapBytes,
        long virtualThreads,
        int platformThreads,
        int openFiles,
        int inFlight,
        long queuedBytes) {

    private static final Pattern TOTAL =
            Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);
    private static final Pattern VIRTUAL_THREADS =
            Pattern.compile(
                    "^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+java\\.lang\\.VirtualThread(?:\\s|$)",
                    Pattern.MULTILINE);

    /** As they are now; collects the broker's garbage first. */
    static BrokerVitals of(BrokerProcess broker) {
        String histogram = histogram(broker.pid());
        String metrics = metrics(broker.httpPort());
        return new BrokerVitals(
                (int) metric(metrics, "fleuve_kafka_connections"),
                number(TOTAL, histogram),
                number(VIRTUAL_THREADS, histogram),
                (int) metric(metrics, "jvm_threads_live_threads"),
                (int) metric(metrics, "process_files_open_files"),
                (int) metric(metrics, "fleuve_kafka_requests_in_flight"),
                (long) metric(metrics, "fleuve_kafka_requests_queued_bytes"));
    }

    /** Open connections alone, which costs nothing. */
    static int connections(BrokerProcess broker) {
        return (int) metric(metrics(broker.httpPort()), "fleuve_kafka_connections");
    }

    private static String histogram(long pid) {
        try {
            Process jcmd =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                            .toString(),
                                    Long.toString(pid),
                                    "GC.class_histogram")
                            .redirectErrorStream(true)
                            .start();
            String output =
                    new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            jcmd.waitFor();
            return output;
        } catch (IOException e) {
            throw new IllegalStateException("jcmd cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String metrics(int httpPort) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + httpPort
                                                            + "/actuator/prometheus"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new IllegalStateException("the broker's metrics cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static double metric(String metrics, String name) {
        Matcher line =
                Pattern.compile("^" + name + "(?:\\{[^}]*})? (\\S+)$", Pattern.MULTILINE)
                        .matcher(metrics);
        if (!line.find()) {
            throw new IllegalStateException("the broker has no metric " + name + ":\n" + metrics);
        }
        return Double.parseDouble(line.group(1));
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            if (pattern == VIRTUAL_THREADS) {
                return 0;
            }
            throw new IllegalStateException("no class histogram:\n" + text);
        }
        return Long.parseLong(matcher.group(1));
    }
}
