package io.fleuve.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.fleuve.broker.log.Sequencer;
import io.fleuve.broker.log.SequencerContract;
import io.fleuve.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The SQL functions keep the sequencer's contract. */
class PostgresSequencerIT extends SequencerContract {

    private static final PGSimpleDataSource DATA_SOURCE = new PGSimpleDataSource();
    private static EmbeddedPostgres postgres;
    private static HikariDataSource commits;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.temporary();
        DATA_SOURCE.setUrl(postgres.jdbcUrl());
        DATA_SOURCE.setUser(postgres.user());
        DATA_SOURCE.setPassword(postgres.password());
        DATA_SOURCE.setCurrentSchema("broker");
        Flyway.configure()
                .dataSource(DATA_SOURCE)
                .schemas("broker")
                .locations("classpath:db/broker")
                .load()
                .migrate();
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(DATA_SOURCE);
        pool.setMaximumPoolSize(1);
        commits = new HikariDataSource(pool);
    }

    @AfterAll
    static void stop() {
        commits.close();
        postgres.close();
    }

    @Test
    void anAbortThatComesAfterTheCommitChangesNothing() throws SQLException {
        try (Connection connection = DATA_SOURCE.getConnection();
                Statement statement = connection.createStatement()) {
            // Committed with the older protocol, which keeps the epoch.
            statement.execute(
                    """
                    INSERT INTO transactions (transactional_id, producer_id, producer_epoch, last_producer_id, last_epoch,
                        timeout_ms, state) VALUES ('late', 771, 3, 771, 3, 1000, 2)
                    """);
            String abort =
                    "SELECT (end_transactions('{771}', '{3}', '{false}', '{771}', '{4}', '{4}', '{}', '{}', '%s', '%s'))[1]";

            assertThat(answers(statement, abort.formatted("{771}", "{5}"))).isFalse();
            // Its own producer asks without markers, since it has nothing open: it gets its next
            // epoch.
            assertThat(answers(statement, abort.formatted("{}", "{}"))).isTrue();
        }
    }

    private static boolean answers(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    @Test
    void lookUpsReadNoMoreOfALongLogThanTheyWant() throws SQLException {
        try (Connection connection = DATA_SOURCE.getConnection();
                Statement statement = connection.createStatement()) {
            // One log of a thousand pieces among a thousand of one: the average says nothing of it.
            statement.execute(
                    """
                    INSERT INTO pieces (log_id, last_offset, base_offset, object_id, position, size_bytes, max_timestamp,
                                        running_max, settled)
                    SELECT 1000000, i * 10 + 9, i * 10, 1, 0, 1000, i, i, true FROM generate_series(0, 999) AS i
                    UNION ALL
                    SELECT 1000000 + i, 9, 0, 1, 0, 1000, 1, 1, true FROM generate_series(1, 1000) AS i;
                    ANALYZE pieces;
                    SET plan_cache_mode = force_generic_plan;
                    """);
            assertPlansAreNarrow(statement);
            // As many dead rows as live ones, as where pieces are merged.
            statement.execute("UPDATE pieces SET position = 1; ANALYZE pieces");
            assertPlansAreNarrow(statement);
        }
    }

    private static void assertPlansAreNarrow(Statement statement) throws SQLException {
        String byTime = plan(statement, PostgresSequencer.LOCATE_TIMESTAMP, "1000000, 3, 3, 0");
        assertThat(byTime).contains("pieces_by_time").doesNotContain("Sort");
        String byOffset = plan(statement, PostgresSequencer.LOCATE, "1000000, 30");
        assertThat(byOffset).contains("pieces_pkey").doesNotContain("Sort");
    }

    private static String plan(Statement statement, String sql, String parameters)
            throws SQLException {
        StringBuilder numbered = new StringBuilder();
        int count = 0;
        for (char each : sql.toCharArray()) {
            numbered.append(each == '?' ? "$" + ++count : String.valueOf(each));
        }
        String types = String.join(", ", Collections.nCopies(count, "bigint"));
        statement.execute("PREPARE asked (" + types + ") AS " + numbered);
        try (ResultSet rows =
                statement.executeQuery("EXPLAIN EXECUTE asked (" + parameters + ")")) {
            StringBuilder plan = new StringBuilder();
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
            return plan.toString();
        } finally {
            statement.execute("DEALLOCATE asked");
        }
    }

    @Override
    protected Sequencer sequencer() {
        return new PostgresSequencer(DATA_SOURCE, commits, 1);
    }

    @Override
    protected long newLog() {
        try (Connection connection = DATA_SOURCE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "INSERT INTO logs (log_id, leader_id, leader_epoch)"
                                        + " VALUES (nextval('log_ids'), 1, 3) RETURNING log_id")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
