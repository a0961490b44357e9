package io.fleuve.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fleuve.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many notifications to providers that misbehave, by a service in a process of its own that is
 * killed with SIGKILL three times. 300 notifications, or as many as {@code
 * -Dfleuve.test.notifications} says.
 */
class DeliveryRunIT {

    private static final int COUNT = Integer.getInteger("fleuve.test.notifications", 300);
    private static final int MAX_IN_FLIGHT = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(10).plusMillis(COUNT * 100L);

    @Test
    void servesEachRecipientOnceAndHeedsRetryAfterThoughKilledThreeTimes(@TempDir Path directory)
            throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.temporary();
                UnreliableProviders providers = new UnreliableProviders()) {
            Process worker = start(postgres, providers, directory);
            try {
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(
                                () ->
                                        count(postgres, "SELECT count(*) FROM alerts.channel_gates")
                                                >= 0);
                fill(postgres);
                for (double share : new double[] {0.1, 0.3, 0.6}) {
                    await().atMost(PATIENCE)
                            .until(() -> providers.acceptedCount() >= COUNT * share);
                    worker.destroyForcibly().waitFor();
                    worker = start(postgres, providers, directory);
                }
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(
                                () ->
                                        count(
                                                        postgres,
                                                        "SELECT count(*) FROM alerts.notifications WHERE due_at IS NOT NULL")
                                                == 0);
            } finally {
                worker.destroyForcibly().waitFor();
            }
            verify(postgres, providers);
        }
    }

    private static void verify(EmbeddedPostgres postgres, UnreliableProviders providers)
            throws SQLException {
        Map<String, List<String>> states = new TreeMap<>();
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT recipient, state, reason FROM alerts.notifications ORDER BY recipient")) {
            while (rows.next()) {
                states.computeIfAbsent(rows.getString("state"), _ -> new ArrayList<>())
                        .add(rows.getString("recipient"));
                if (!rows.getString("state").equals("SENT")) {
                    assertThat(rows.getString("reason")).isNotBlank();
                }
            }
        }
        // What is refused for good is DEAD with its reason, everything else was accepted, once.
        assertThat(states.keySet()).containsOnly("SENT", "DEAD");
        assertThat(states.get("DEAD")).allMatch(UnreliableProviders::isRefused);
        assertThat(states.get("SENT"))
                .noneMatch(UnreliableProviders::isRefused)
                .allSatisfy(to -> assertThat(providers.accepted(to)).as(to).isEqualTo(1));
        assertThat(states.values().stream().mapToInt(List::size).sum()).isEqualTo(COUNT);
        assertThat(providers.tooEarly()).isEmpty();
        assertThat(providers.retryAfters()).isPositive();
        // Other messages that were under way when the provider asked for a pause, but none begun
        // after.
        assertThat(providers.duringPauses())
                .isLessThanOrEqualTo(providers.retryAfters() * MAX_IN_FLIGHT);
    }

    private static void fill(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    """
                    INSERT INTO alerts.notifications (id, episode_id, repeat_number, channel, recipient, subject, body,
                        state, due_at, attempts, claim, created_at, updated_at, expires_at)
                    SELECT gen_random_uuid(), 'run', 0, CASE WHEN n %% 2 = 0 THEN 'TWILIO_SMS' ELSE 'WEBHOOK' END,
                        CASE WHEN n %% 2 = 0 THEN '+2217' || lpad(n::text, 8, '0') ELSE 't' || lpad(n::text, 8, '0') END,
                        'run', CASE WHEN n %% 2 = 0 THEN 'message ' || n ELSE '{"to": "t' || lpad(n::text, 8, '0') || '"}' END, 'PENDING', now(), 0, 0, now(), now(), now() + interval '6 hours'
                    FROM generate_series(1, %d) n
                    """
                            .formatted(COUNT));
        }
    }

    private static Process start(
            EmbeddedPostgres postgres, UnreliableProviders providers, Path directory)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.add(AlertsApplication.class.getName());
        Map<String, String> properties = new TreeMap<>();
        properties.put("server.port", "0");
        properties.put("spring.datasource.url", postgres.jdbcUrl());
        properties.put("spring.datasource.username", postgres.user());
        properties.put("spring.datasource.password", postgres.password());
        properties.put("fleuve.alerts.streams.bootstrap-servers", "127.0.0.1:1");
        properties.put(
                "fleuve.alerts.streams.state-directory", directory.resolve("state").toString());
        properties.put("fleuve.alerts.console", "never");
        properties.put("fleuve.alerts.twilio.account-sid", "AC00000000000000000000000000000000");
        properties.put("fleuve.alerts.twilio.auth-token", "token-for-tests");
        properties.put("fleuve.alerts.twilio.from", "+15005550006");
        properties.put("fleuve.alerts.twilio.to", "+221799999999");
        properties.put("fleuve.alerts.twilio.base-url", providers.baseUrl());
        properties.put("fleuve.alerts.webhook.url", providers.baseUrl() + "/hook");
        properties.put("fleuve.alerts.webhook.timeout", "2s");
        properties.put("fleuve.alerts.delivery.sms.daily-budget", "0");
        for (String limits : List.of("sms", "others")) {
            properties.put("fleuve.alerts.delivery.%s.per-second".formatted(limits), "1000");
            properties.put("fleuve.alerts.delivery.%s.burst".formatted(limits), "1000");
            properties.put("fleuve.alerts.delivery.%s.open-for".formatted(limits), "1s");
        }
        properties.put("fleuve.alerts.outbox.max-in-flight", Integer.toString(MAX_IN_FLIGHT));
        properties.put("fleuve.alerts.outbox.poll-interval", "100ms");
        properties.put("fleuve.alerts.outbox.lease", "15s");
        properties.put("fleuve.alerts.outbox.lookup-delay", "2s");
        properties.put("fleuve.alerts.outbox.backoff-base", "200ms");
        properties.forEach((key, value) -> command.add("--" + key + "=" + value));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.resolve("worker.log").toFile()))
                .start();
    }

    private static long count(EmbeddedPostgres postgres, String query) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(), postgres.user(), postgres.password());
    }
}
