package io.fleuve.broker.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.fleuve.broker.log.Sequencer;
import io.fleuve.broker.log.SequencerContract;
import io.fleuve.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
