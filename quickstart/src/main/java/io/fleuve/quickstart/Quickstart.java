package io.fleuve.quickstart;

import io.fleuve.postgres.EmbeddedPostgres;
import io.fleuve.postgres.EmbeddedPostgresException;
import java.net.BindException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * The database and the services of one JVM, started in an order in which each finds what it needs,
 * closed in the reverse order.
 *
 * <p>{@link #start} is called once; {@link #close} may be called at any time, from any thread, also
 * while things are starting: what comes up after that is closed again.
 */
final class Quickstart implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Quickstart.class);

    /** Everything else needs the database. */
    private static final int POSTGRES_RANK = -1;

    /** How long one part may take to end before the next is closed all the same. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);

    /** How long closing waits for a part that is just starting. */
    private static final Duration START_LIMIT = Duration.ofSeconds(8);

    private final QuickstartSettings settings;
    private final Progress progress;

    /** By rank: what has a high one needs something that has a low one. */
    private final NavigableMap<Integer, Running> running = new TreeMap<>();

    private final CountDownLatch startEnded = new CountDownLatch(1);
    private boolean starting;
    private boolean closing;

    Quickstart(QuickstartSettings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    private record Running(String title, AutoCloseable part) {}

    /**
     * Returns when everything serves.
     *
     * @throws StartFailure when something does not; what had been started goes on until {@link
     *     #close}
     */
    void start() {
        synchronized (this) {
            starting = true;
        }
        try {
            settings.wantedAddresses().forEach(Address::requireFree);
            MapPropertySource database = new MapPropertySource("embedded database", database());
            together(
                    () -> start(Part.GATEWAY, database),
                    () -> {
                        start(Part.BROKER, database);
                        together(
                                () -> start(Part.ALERTS, database),
                                () -> start(Part.SIMULATOR, database));
                    });
        } finally {
            startEnded.countDown();
        }
    }

    /** What the services are told; an environment variable of the same name wins. */
    private Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("FLEUVE_DATA_DIR", settings.dataDirectory().toString());
        properties.put("FLEUVE_BOOTSTRAP_SERVERS", settings.address(Endpoint.KAFKA).forClients());
        properties.put("FLEUVE_ALERTS_CONSOLE", "always");
        properties.put("fleuve.logs.service", "quickstart");
        properties.put("spring.main.log-startup-info", "false");
        properties.put("spring.lifecycle.timeout-per-shutdown-phase", "2s");
        return properties;
    }

    /** How to reach the database that was started here; no environment variable wins over it. */
    private Map<String, Object> database() {
        if (settings.postgresUrl().isPresent()) {
            return Map.of();
        }
        EmbeddedPostgres postgres = startPostgres();
        return Map.of(
                "FLEUVE_POSTGRES_URL", postgres.jdbcUrl(),
                "FLEUVE_POSTGRES_USER", postgres.user(),
                "FLEUVE_POSTGRES_PASSWORD", postgres.password());
    }

    private EmbeddedPostgres startPostgres() {
        try {
            EmbeddedPostgres postgres =
                    progress.report(
                            "PostgreSQL",
                            () -> EmbeddedPostgres.open(settings.postgresDirectory()));
            keep(POSTGRES_RANK, "PostgreSQL", postgres);
            return postgres;
        } catch (EmbeddedPostgresException e) {
            throw new StartFailure(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    private void start(Part part, MapPropertySource database) {
        if (!settings.parts().contains(part)) {
            return;
        }
        requireNotClosing();
        ConfigurableApplicationContext context =
                progress.report(part.title(), () -> run(part, database));
        keep(part.ordinal(), part.title(), context);
    }

    /**
     * Starts things that do not need each other, each on a thread of its own; ends when both have
     * ended.
     */
    private static void together(Runnable one, Runnable other) {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> starts = List.of(threads.submit(one), threads.submit(other));
            for (Future<?> start : starts) {
                start.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StartFailure failure) {
                throw failure;
            }
            throw new StartFailure("The start failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("The start was interrupted.", e);
        }
    }

    private ConfigurableApplicationContext run(Part part, MapPropertySource database) {
        try {
            return part.application()
                    .bannerMode(Banner.Mode.OFF)
                    .registerShutdownHook(false)
                    .properties(properties())
                    .properties(part.properties())
                    .initializers(
                            context ->
                                    context.getEnvironment()
                                            .getPropertySources()
                                            .addFirst(database))
                    .run();
        } catch (RuntimeException e) {
            throw explain(part, e);
        }
    }

    private StartFailure explain(Part part, RuntimeException failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
            if (cause instanceof PortInUseException taken) {
                for (Address address : settings.addresses().values()) {
                    if (address.port() == taken.getPort()) {
                        return address.inUse(taken);
                    }
                }
            }
            if (cause instanceof BindException taken && part == Part.BROKER) {
                return settings.address(Endpoint.KAFKA).inUse(taken);
            }
        }
        return new StartFailure(
                "The %s did not start: %s. See %s."
                        .formatted(part.title(), root, settings.logFile()),
                failure);
    }

    private void keep(int rank, String title, AutoCloseable part) {
        synchronized (this) {
            running.put(rank, new Running(title, part));
        }
        requireNotClosing();
    }

    private synchronized void requireNotClosing() {
        if (closing) {
            throw new StartFailure("Stopped while starting.");
        }
    }

    /**
     * Ends all that runs, the last one started first. Returns when nothing is left, within seconds.
     */
    @Override
    public void close() {
        boolean startedOnce;
        synchronized (this) {
            closing = true;
            startedOnce = starting;
        }
        if (startedOnce) {
            awaitStartEnded();
        }
        for (Running next = pop(); next != null; next = pop()) {
            end(next);
        }
    }

    private void awaitStartEnded() {
        try {
            if (!startEnded.await(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.atWarn().log("a part was still starting when all others were closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Running pop() {
        Map.Entry<Integer, Running> last = running.pollLastEntry();
        return last == null ? null : last.getValue();
    }

    private void end(Running part) {
        long begin = System.nanoTime();
        Thread closer = Thread.ofPlatform().daemon().start(() -> closeQuietly(part));
        try {
            // The database must not be left behind: it has limits of its own, which end in SIGKILL.
            boolean ended =
                    part.part() instanceof EmbeddedPostgres
                            ? closer.join(Duration.ofMinutes(1))
                            : closer.join(CLOSE_LIMIT);
            if (!ended) {
                LOGGER.atWarn().addKeyValue("part", part.title()).log("did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOGGER.atInfo()
                .addKeyValue("part", part.title())
                .addKeyValue("ms", Duration.ofNanos(System.nanoTime() - begin).toMillis())
                .log("closed");
    }

    private static void closeQuietly(Running part) {
        try {
            part.part().close();
        } catch (Exception e) {
            LOGGER.atError().addKeyValue("part", part.title()).setCause(e).log("failed to close");
        }
    }
}
