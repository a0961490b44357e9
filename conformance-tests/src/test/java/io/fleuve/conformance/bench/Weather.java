package io.fleuve.conformance.bench;

import com.sun.net.httpserver.HttpServer;
import io.fleuve.conformance.platform.FleuvePlatform;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The alert service behind a broker, each in a process of its own, on its own settings but for the
 * size of windows. First readings as fast as it takes them: never are more than {@code ahead}
 * unread. Then 1,000 a second at the present, of regions that are too warm in every other window:
 * how long after the end of a window a webhook is called.
 *
 * <p>System properties: {@code seconds} that the throughput is measured (60) after {@code warmUp}
 * seconds (30), {@code windows} that are waited for (60) of {@code window} seconds (5), {@code
 * regions} (100), {@code ahead} (100000), {@code heap} of broker and service (512m).
 */
public final class Weather {

    private static final int LIVE_RATE = 1000;
    private static final double WARM = 35;
    private static final double COOL = 20;

    private final Duration measured = Duration.ofSeconds(Integer.getInteger("seconds", 60));
    private final Duration warmUp = Duration.ofSeconds(Integer.getInteger("warmUp", 30));
    private final int windows = Integer.getInteger("windows", 60);
    private final Duration window = Duration.ofSeconds(Integer.getInteger("window", 5));
    private final int regions = Integer.getInteger("regions", 100);
    private final long ahead = Long.getLong("ahead", 100_000);
    private final List<String> jvm =
            List.of("-Xmx" + System.getProperty("heap", "512m"), "-XX:+UseG1GC");
    private final JsonMapper json = JsonMapper.builder().build();
    private final List<Long> calledAfter = Collections.synchronizedList(new ArrayList<>());

    public static void main(String[] args) throws Exception {
        new Weather().run();
    }

    private void run() throws Exception {
        Measurement figures = new Measurement();
        HttpServer provider =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        provider.createContext(
                "/",
                exchange -> {
                    Instant now = Instant.now();
                    JsonNode message = json.readTree(exchange.getRequestBody().readAllBytes());
                    if (message.has("alerts")) {
                        message.path("alerts").forEach(alert -> called(alert, now));
                    } else {
                        called(message, now);
                    }
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        provider.start();
        Path directory = Files.createTempDirectory("fleuve-weather-");
        try (FleuvePlatform platform = FleuvePlatform.start(jvm)) {
            String webhook = "http://127.0.0.1:" + provider.getAddress().getPort() + "/";
            try (WeatherService service =
                    WeatherService.launch(
                            platform,
                            directory.resolve("fast"),
                            jvm,
                            Map.of("FLEUVE_ALERTS_CONSOLE", "never"))) {
                throughput(platform, service, figures);
            }
            try (WeatherService service =
                    WeatherService.launch(
                            platform,
                            directory.resolve("live"),
                            jvm,
                            Map.of(
                                    "FLEUVE_ALERTS_APPLICATION_ID",
                                    "fleuve-alerts-live",
                                    "fleuve.alerts.topics.readings",
                                    "live-data",
                                    "fleuve.alerts.topics.averages",
                                    "live-averages",
                                    "fleuve.alerts.topics.unkeyed",
                                    "live-unkeyed",
                                    "FLEUVE_ALERTS_WINDOW",
                                    window.toSeconds() + "s",
                                    "FLEUVE_ALERTS_GRACE",
                                    "0s",
                                    "FLEUVE_WEBHOOK_URL",
                                    webhook))) {
                latency(platform, service, figures);
            }
        } finally {
            provider.stop(0);
        }
        System.out.println("| | |");
        System.out.println("|---|---|");
        figures.figures()
                .forEach((name, value) -> System.out.printf("| %s | %,.0f |%n", name, value));
    }

    private void called(JsonNode alert, Instant now) {
        Instant end = Instant.parse(alert.path("windowEnd").asString());
        calledAfter.add(Duration.between(end, now).toNanos());
    }

    private void throughput(FleuvePlatform platform, WeatherService service, Measurement figures)
            throws Exception {
        try (ReadingFlow flow =
                new ReadingFlow(platform.bootstrapServers(), "temperature-data", regions)) {
            long startNanos = System.nanoTime();
            long measuredFrom = startNanos + warmUp.toNanos();
            long end = measuredFrom + measured.toNanos();
            double decodedBefore = -1;
            double cpuBefore = 0;
            long beforeNanos = 0;
            Instant observed = Instant.now().minus(Duration.ofDays(300));
            while (System.nanoTime() < end) {
                double decoded = service.metric("fleuve_alerts_readings_decoded_total");
                if (decodedBefore < 0 && System.nanoTime() >= measuredFrom) {
                    decodedBefore = decoded;
                    beforeNanos = System.nanoTime();
                    cpuBefore = ProcessUsage.of(List.of(service.pid())).cpuSeconds();
                }
                for (long room = ahead - (flow.sent() - (long) decoded);
                        room > 0;
                        room -= regions) {
                    // One reading a region in each second of event time.
                    observed = observed.plusSeconds(1);
                    flow.each(observed, COOL);
                }
            }
            double decoded = service.metric("fleuve_alerts_readings_decoded_total");
            double seconds = (System.nanoTime() - beforeNanos) / 1e9;
            figures.put("readings a second", (decoded - decodedBefore) / seconds);
            figures.put(
                    "CPU of the alert service, % of one core",
                    100
                            * (ProcessUsage.of(List.of(service.pid())).cpuSeconds() - cpuBefore)
                            / seconds);
            figures.put(
                    "memory of the alert service, MB",
                    ProcessUsage.of(List.of(service.pid())).memoryBytes() / 1e6);
            figures.put("windows closed", service.metric("fleuve_alerts_windows_closed_total"));
            figures.put("late readings", service.metric("fleuve_alerts_readings_late_total"));
        }
    }

    private void latency(FleuvePlatform platform, WeatherService service, Measurement figures)
            throws Exception {
        int perSecond = LIVE_RATE / regions;
        try (ReadingFlow flow = new ReadingFlow(platform.bootstrapServers(), "live-data", regions);
                ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor()) {
            pace.scheduleAtFixedRate(
                    () -> {
                        Instant now = Instant.now();
                        boolean warm = now.getEpochSecond() / window.toSeconds() % 2 == 0;
                        flow.each(now, warm ? WARM : COOL);
                    },
                    0,
                    TimeUnit.SECONDS.toNanos(1) / perSecond,
                    TimeUnit.NANOSECONDS);
            // The first windows find everything cold.
            LockSupport.parkNanos(window.multipliedBy(6).toNanos());
            calledAfter.clear();
            LockSupport.parkNanos(window.multipliedBy(windows).toNanos());
            List<Long> samples = List.copyOf(calledAfter);
            pace.shutdownNow();
            figures.put("alerts told at 1,000 readings a second", samples.size());
            Quantiles.ofNanos(samples).enter(figures, "end of a window to the provider's call");
            figures.put("late readings, live", service.metric("fleuve_alerts_readings_late_total"));
        }
    }
}
