package io.fleuve.alerts.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes due notifications out of the outbox and sends them, a bounded number at a time, each in a
 * virtual thread of its own so that a slow provider holds nobody else up. Any number of workers,
 * here and in other instances, share one outbox.
 */
public final class OutboxWorker implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutboxWorker.class);
    private static final Duration DEPTH_INTERVAL = Duration.ofSeconds(5);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final OutboxStore store;
    private final Map<ChannelKind, NotificationChannel> channels;
    private final DeliveryPolicy policy;
    private final OutboxSettings settings;
    private final InstantSource clock;
    private final MeterRegistry registry;
    private final Semaphore inFlight;
    private final Semaphore work = new Semaphore(0);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Thread thread;
    private volatile OutboxDepth depth = new OutboxDepth(0, null);
    private Instant depthReadAt = Instant.MIN;

    public OutboxWorker(
            OutboxStore store,
            Map<ChannelKind, NotificationChannel> channels,
            DeliveryPolicy policy,
            OutboxSettings settings,
            InstantSource clock,
            MeterRegistry registry) {
        this.store = store;
        this.channels = Map.copyOf(channels);
        this.policy = policy;
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
        this.inFlight = new Semaphore(settings.maxInFlight());
        this.thread = Thread.ofPlatform().name("alerts-outbox").unstarted(this::run);
        Gauge.builder("fleuve.alerts.outbox.depth", () -> depth.unfinished())
                .description("Notifications that are neither sent nor given up")
                .register(registry);
        Gauge.builder("fleuve.alerts.outbox.age", this::oldestAgeSeconds)
                .description("Age of the oldest of them")
                .baseUnit("seconds")
                .register(registry);
    }

    /** Begins to work. */
    public void start() {
        thread.start();
    }

    /** Says that notifications were written, so that they need not wait for the next poll. */
    public void wake() {
        work.release();
    }

    @Override
    public void close() {
        stopping.set(true);
        wake();
        try {
            thread.join(STOP_WITHIN);
            if (!inFlight.tryAcquire(
                    settings.maxInFlight(), STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                LOGGER.atWarn()
                        .log(
                                "stopped with messages under way; they are looked after when leases end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopping.get()) {
            try {
                boolean more = workOff();
                readDepth();
                if (!more
                        && work.tryAcquire(
                                settings.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOGGER.atWarn()
                        .setCause(e)
                        .log("the outbox cannot be read now, will be tried again");
                pause();
            }
        }
    }

    /** Claims what is due and begins to send it; says whether there may be more. */
    private boolean workOff() throws InterruptedException {
        inFlight.acquire();
        int permits = 1 + inFlight.drainPermits();
        int used = 0;
        try {
            Instant now = clock.instant();
            List<Notification> claimed =
                    store.advanceDue(now, permits, notification -> policy.onDue(notification, now));
            for (Notification notification : claimed) {
                switch (notification.state()) {
                    case DeliveryState.Sending _ -> {
                        used++;
                        begin(() -> send(notification));
                    }
                    case DeliveryState.Unknown _ when isHeld(notification, now) -> {
                        used++;
                        begin(() -> lookUp(notification));
                    }
                    case DeliveryState.Unknown _,
                            DeliveryState.Retry _,
                            DeliveryState.Pending _,
                            DeliveryState.Sent _,
                            DeliveryState.Delivered _,
                            DeliveryState.Dead _,
                            DeliveryState.Suppressed _,
                            DeliveryState.Expired _ ->
                            report(notification);
                }
            }
            return claimed.size() == permits;
        } finally {
            inFlight.release(permits - used);
        }
    }

    private static boolean isHeld(Notification notification, Instant now) {
        return notification.state() instanceof DeliveryState.Unknown unknown
                && unknown.dueAt().isAfter(now);
    }

    private void begin(Runnable delivery) {
        Thread.ofVirtual()
                .name("alerts-delivery")
                .start(
                        () -> {
                            try {
                                delivery.run();
                            } catch (RuntimeException e) {
                                // The lease ends, and the next worker finds out what happened.
                                LOGGER.atError().setCause(e).log("a delivery failed unexpectedly");
                            } finally {
                                inFlight.release();
                                wake();
                            }
                        });
    }

    private void send(Notification notification) {
        NotificationChannel channel = channelOf(notification);
        DeliveryOutcome outcome = channel.send(notification);
        Instant now = clock.instant();
        store.observe(channel.kind(), outcome, now);
        keep(policy.onOutcome(notification, outcome, now));
    }

    private void lookUp(Notification notification) {
        NotificationChannel channel = channelOf(notification);
        LookupOutcome outcome =
                switch (channel.redelivery()) {
                    case LOOK_UP_FIRST -> channel.lookUp(notification);
                    // The channel drops or bears duplicates, so that there is nothing to ask.
                    case REPEATABLE -> new LookupOutcome.Absent();
                };
        keep(policy.onLookup(notification, outcome, clock.instant()));
    }

    private NotificationChannel channelOf(Notification notification) {
        NotificationChannel channel = channels.get(notification.recipient().channel());
        if (channel == null) {
            throw new IllegalStateException(
                    "claimed a notification for a channel that is not configured");
        }
        return channel;
    }

    private void keep(Notification notification) {
        if (store.save(notification)) {
            report(notification);
        } else {
            LOGGER.atWarn()
                    .addKeyValue("notification", notification.id())
                    .log("an answer came after another worker had taken the notification over");
        }
    }

    private void report(Notification notification) {
        switch (notification.state()) {
            case DeliveryState.Sent _, DeliveryState.Delivered _ -> log(notification, "sent", "");
            case DeliveryState.Dead(String reason) -> warn(notification, "dead", reason);
            case DeliveryState.Expired(String reason) -> warn(notification, "expired", reason);
            case DeliveryState.Suppressed(String reason) ->
                    warn(notification, "suppressed", reason);
            case DeliveryState.Retry(_, String reason) -> log(notification, "retry", reason);
            case DeliveryState.Unknown(_, String reason) -> log(notification, "unknown", reason);
            case DeliveryState.Pending _, DeliveryState.Sending _ -> {}
        }
    }

    private void log(Notification notification, String outcome, String reason) {
        count(notification, outcome);
        LOGGER.atDebug()
                .addKeyValue("notification", notification.id())
                .addKeyValue("channel", notification.recipient().channel().label())
                .addKeyValue("outcome", outcome)
                .addKeyValue("reason", reason)
                .log("notification handled");
    }

    private void warn(Notification notification, String outcome, String reason) {
        count(notification, outcome);
        LOGGER.atWarn()
                .addKeyValue("notification", notification.id())
                .addKeyValue("channel", notification.recipient().channel().label())
                .addKeyValue("outcome", outcome)
                .addKeyValue("reason", reason)
                .log("notification not delivered");
    }

    private void count(Notification notification, String outcome) {
        Counter.builder("fleuve.alerts.deliveries")
                .description("What attempts to notify came to")
                .tag("channel", notification.recipient().channel().label())
                .tag("outcome", outcome.toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    private void readDepth() {
        Instant now = clock.instant();
        if (depthReadAt.isBefore(now.minus(DEPTH_INTERVAL))) {
            depth = store.depth();
            depthReadAt = now;
        }
    }

    private double oldestAgeSeconds() {
        Instant oldest = depth.oldestCreatedAt();
        return oldest == null ? 0 : Duration.between(oldest, clock.instant()).toMillis() / 1000.0;
    }

    private void pause() {
        try {
            if (work.tryAcquire(1, TimeUnit.SECONDS)) {
                work.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
