package io.fleuve.logs;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.Environment;

/**
 * Ships the log of a Spring Boot application to a topic as soon as one property names it: {@code
 * fleuve.logs.topic}, or {@code FLEUVE_LOG_TOPIC} in the environment. Applications that share a JVM
 * share its log, and one appender.
 *
 * <p>Further properties: {@code fleuve.logs.bootstrap-servers} ({@code FLEUVE_BOOTSTRAP_SERVERS},
 * or the broker of this machine), {@code fleuve.logs.service} (the application's name), {@code
 * fleuve.logs.retention} (7d).
 */
public final class LogShipping implements ApplicationListener<ApplicationEvent> {

    private static final Map<Target, Shared> SHARED = new HashMap<>();

    private @Nullable Target target;

    private record Target(String bootstrapServers, String topic) {}

    private record Shared(KafkaAppender appender, int users) {}

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof ApplicationPreparedEvent prepared) {
            begin(prepared.getApplicationContext().getEnvironment());
        } else if (event instanceof ApplicationReadyEvent ready) {
            ready.getApplicationContext()
                    .getBeanProvider(MeterRegistry.class)
                    .ifAvailable(this::measure);
        } else if (event instanceof ContextClosedEvent closed
                && closed.getApplicationContext().getParent() == null) {
            end();
        }
    }

    private void begin(Environment environment) {
        String topic = environment.getProperty("fleuve.logs.topic", "");
        if (topic.isBlank()) {
            topic = environment.getProperty("FLEUVE_LOG_TOPIC", "");
        }
        if (topic.isBlank()
                || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        String servers =
                environment.resolvePlaceholders(
                        "${fleuve.logs.bootstrap-servers:${FLEUVE_BOOTSTRAP_SERVERS:127.0.0.1:${FLEUVE_KAFKA_PORT:9092}}}");
        Target wanted = new Target(servers, topic.strip());
        target = wanted;
        synchronized (SHARED) {
            Shared known = SHARED.get(wanted);
            SHARED.put(
                    wanted,
                    known == null
                            ? new Shared(attach(context, wanted, environment), 1)
                            : new Shared(known.appender(), known.users() + 1));
        }
    }

    private static KafkaAppender attach(
            LoggerContext context, Target target, Environment environment) {
        KafkaAppender appender = new KafkaAppender();
        appender.setContext(context);
        appender.setName("log-shipping");
        appender.setBootstrapServers(target.bootstrapServers());
        appender.setTopic(target.topic());
        appender.setService(
                environment.resolvePlaceholders(
                        "${fleuve.logs.service:${spring.application.name:application}}"));
        appender.setRetention(
                DurationStyle.detectAndParse(
                        environment.getProperty("fleuve.logs.retention", "7d")));
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        return appender;
    }

    private void measure(MeterRegistry registry) {
        synchronized (SHARED) {
            Shared shared = target == null ? null : SHARED.get(target);
            if (shared != null) {
                counter(registry, "sent", shared.appender());
                counter(registry, "dropped", shared.appender());
            }
        }
    }

    private static void counter(MeterRegistry registry, String outcome, KafkaAppender appender) {
        FunctionCounter.builder(
                        "fleuve.logs.lines",
                        appender,
                        a -> outcome.equals("sent") ? a.sent() : a.dropped())
                .description("Lines of the log that were shipped to the topic, or lost on the way")
                .tag("outcome", outcome)
                .register(registry);
    }

    private void end() {
        Target mine = target;
        target = null;
        if (mine == null) {
            return;
        }
        Shared last;
        synchronized (SHARED) {
            Shared shared = SHARED.remove(mine);
            if (shared == null) {
                return;
            }
            if (shared.users() > 1) {
                SHARED.put(mine, new Shared(shared.appender(), shared.users() - 1));
                return;
            }
            last = shared;
        }
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(last.appender());
        }
        last.appender().stop();
    }
}
