package io.fleuve.conformance.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a gateway holds.
 *
 * @param heapBytes what lives in its heap after a full collection
 * @param threads its platform threads
 * @param virtualThreads its virtual threads
 * @param descriptors its open file descriptors, sockets included
 * @param sockets its open sockets
 * @param producers Kafka producers that live in its heap
 * @param consumers Kafka consumers that do
 * @param admins Kafka admin clients that do
 */
record GatewayVitals(
        long heapBytes,
        int threads,
        long virtualThreads,
        int descriptors,
        int sockets,
        long producers,
        long consumers,
        long admins) {

    private static final Pattern TOTAL =
            Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);

    /** What can be had without stopping the gateway. */
    record Light(int threads, int descriptors, int sockets, long residentBytes) {

        static Light of(long pid) {
            try {
                String status = Files.readString(Path.of("/proc/" + pid + "/status"));
                int descriptors = 0;
                int sockets = 0;
                try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                    for (Path descriptor : open.toList()) {
                        descriptors++;
                        if (isSocket(descriptor)) {
                            sockets++;
                        }
                    }
                }
                return new Light(
                        (int) number("^Threads:\\s+(\\d+)", status),
                        descriptors,
                        sockets,
                        number("^VmRSS:\\s+(\\d+)", status) << 10);
            } catch (IOException e) {
                throw new IllegalStateException("the gateway's process cannot be seen", e);
            }
        }

        private static boolean isSocket(Path descriptor) {
            try {
                return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
            } catch (IOException _) {
                // Closed meanwhile.
                return false;
            }
        }
    }

    /** As they are now; collects the gateway's garbage first. */
    static GatewayVitals of(long pid) {
        // What is weakly held, or waits for a cleaner, goes with the second.
        histogram(pid);
        String histogram = histogram(pid);
        Light light = Light.of(pid);
        return new GatewayVitals(
                number(TOTAL, histogram),
                light.threads(),
                instances(histogram, List.of("java.lang.VirtualThread")),
                light.descriptors(),
                light.sockets(),
                instances(histogram, List.of("org.apache.kafka.clients.producer.KafkaProducer")),
                instances(histogram, List.of("org.apache.kafka.clients.consumer.KafkaConsumer")),
                instances(histogram, List.of("org.apache.kafka.clients.admin.KafkaAdminClient")));
    }

    private static long instances(String histogram, List<String> classes) {
        long sum = 0;
        for (String name : classes) {
            Matcher line =
                    Pattern.compile(
                                    "^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+"
                                            + Pattern.quote(name)
                                            + "(?:\\s|$)",
                                    Pattern.MULTILINE)
                            .matcher(histogram);
            sum += line.find() ? Long.parseLong(line.group(1)) : 0;
        }
        return sum;
    }

    /** The classes with the most bytes, for whoever looks for a leak. */
    static String histogram(long pid) {
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

    private static long number(String pattern, String text) {
        return number(Pattern.compile(pattern, Pattern.MULTILINE), text);
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in:\n" + text);
        }
        return Long.parseLong(matcher.group(1));
    }
}
