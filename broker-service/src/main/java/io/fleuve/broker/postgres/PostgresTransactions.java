package io.fleuve.broker.postgres;

import io.fleuve.broker.coordinator.EndedTransactions;
import io.fleuve.broker.log.TransactionEnd;
import io.fleuve.broker.transaction.ProducerIdentity;
import io.fleuve.broker.transaction.TransactionCatalog;
import io.fleuve.broker.transaction.TransactionState;
import io.fleuve.broker.transaction.TransactionState.Phase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Transactions as rows in PostgreSQL; one statement a call. */
public final class PostgresTransactions implements TransactionCatalog, EndedTransactions {

    private static final String STATE =
            """
            SELECT transactional_id, producer_id, producer_epoch, last_producer_id, last_epoch, timeout_ms, state, logs,
                   started_at, updated_at FROM transactions
            """;

    private static final Phase[] PHASES = Phase.values();
    private static final Initialised.Step[] STEPS = Initialised.Step.values();
    private static final Joined[] JOINED = Joined.values();

    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    public PostgresTransactions(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    @Override
    public Optional<TransactionState> find(String id) {
        if (!TransactionCatalog.isId(id)) {
            return Optional.empty();
        }
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(STATE + "WHERE transactional_id = ?")
                                .param(id)
                                .query(PostgresTransactions::state)
                                .optional());
    }

    @Override
    public Optional<TransactionState> findByProducer(long producerId) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(STATE + "WHERE producer_id = ?")
                                .param(producerId)
                                .query(PostgresTransactions::state)
                                .optional());
    }

    @Override
    public List<TransactionState> list() {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(STATE + "ORDER BY transactional_id")
                                .query(PostgresTransactions::state)
                                .list());
    }

    @Override
    public Set<Long> settling() {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT DISTINCT producer_id FROM group_endings")
                                .query(Long.class)
                                .set());
    }

    @Override
    public Initialised initialise(
            String id, ProducerIdentity known, int timeoutMs, long newProducerId) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql("SELECT * FROM init_transactional(?, ?, ?, ?, ?)")
                                .params(id, known.id(), known.epoch(), timeoutMs, newProducerId)
                                .query(
                                        (row, number) ->
                                                new Initialised(
                                                        STEPS[row.getInt("status")],
                                                        new ProducerIdentity(
                                                                row.getLong("producer"),
                                                                row.getShort("epoch"))))
                                .single());
    }

    @Override
    public Joined join(String id, ProducerIdentity producer, Collection<Long> logIds) {
        if (!TransactionCatalog.isId(id)) {
            return Joined.UNKNOWN;
        }
        return JOINED[
                DatabaseFaults.call(
                        () ->
                                jdbc.sql("SELECT join_transaction(?, ?, ?, ?)")
                                        .params(
                                                id,
                                                producer.id(),
                                                producer.epoch(),
                                                logIds.stream()
                                                        .mapToLong(Long::longValue)
                                                        .toArray())
                                        .query(Integer.class)
                                        .single())];
    }

    @Override
    public boolean end(TransactionEnd end) {
        ConnectionCallback<Boolean> call =
                connection -> {
                    try (var statement =
                            connection.prepareStatement(
                                    "SELECT (end_transactions(?, ?, ?, ?, ?, ?, ?, ?, '{}', '{}'))[1]")) {
                        TransactionEnds.bind(statement, 1, List.of(end));
                        try (ResultSet row = statement.executeQuery()) {
                            row.next();
                            return row.getBoolean(1);
                        }
                    }
                };
        return Boolean.TRUE.equals(DatabaseFaults.call(() -> template.execute(call)));
    }

    @Override
    public List<TransactionState> overdue(int limit) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        STATE
                                                + """
                                                WHERE state = 1
                                                    AND started_at + timeout_ms * interval '1 millisecond' < clock_timestamp()
                                                LIMIT ?
                                                """)
                                .param(limit)
                                .query(PostgresTransactions::state)
                                .list());
    }

    @Override
    public int expire(Duration idle, int limit) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        DELETE FROM transactions WHERE transactional_id IN (
                                            SELECT transactional_id FROM transactions
                                            WHERE state <> 1
                                                AND updated_at < clock_timestamp() - ? * interval '1 millisecond'
                                            LIMIT ? FOR UPDATE SKIP LOCKED)
                                        """)
                                .params(idle.toMillis(), limit)
                                .update());
    }

    @Override
    public Open open() {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        "SELECT count(*), min(started_at) FROM transactions WHERE state = 1")
                                .query(
                                        (row, number) ->
                                                new Open(
                                                        row.getLong(1),
                                                        Optional.ofNullable(instant(row, 2))))
                                .single());
    }

    @Override
    public List<Ended> in(Collection<Long> logIds) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT log_id, producer_id, producer_epoch, committed FROM group_endings
                                        WHERE log_id = ANY (?)
                                        """)
                                .param(logIds.stream().mapToLong(Long::longValue).toArray())
                                .query(
                                        (row, number) ->
                                                new Ended(
                                                        row.getLong(1),
                                                        row.getLong(2),
                                                        row.getShort(3),
                                                        row.getBoolean(4)))
                                .list());
    }

    private static TransactionState state(ResultSet row, int number) throws SQLException {
        Long[] logs = (Long[]) row.getArray("logs").getArray();
        Instant updatedAt = instant(row, 10);
        return new TransactionState(
                row.getString(1),
                new ProducerIdentity(row.getLong(2), row.getShort(3)),
                new ProducerIdentity(row.getLong(4), row.getShort(5)),
                row.getInt(6),
                PHASES[row.getInt(7)],
                Arrays.asList(logs),
                Optional.ofNullable(instant(row, 9)),
                updatedAt == null ? Instant.EPOCH : updatedAt);
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime found = row.getObject(column, OffsetDateTime.class);
        return found == null ? null : found.toInstant();
    }
}
