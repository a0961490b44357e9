package io.fleuve.broker.postgres;

import io.fleuve.broker.inspection.LogSizes;
import io.fleuve.broker.inspection.ProducerState;
import io.fleuve.broker.inspection.ProducerStates;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What tools ask about logs, answered from the rows that commits and upkeep keep. */
public final class PostgresInspection implements LogSizes, ProducerStates {

    private final JdbcClient jdbc;

    public PostgresInspection(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<Long, Long> bytes(Collection<Long> logIds) {
        Map<Long, Long> bytes = new HashMap<>();
        DatabaseFaults.call(
                () -> {
                    jdbc.sql(
                                    """
                                    SELECT log_id, appended_bytes - removed_bytes FROM logs JOIN upkeep USING (log_id)
                                    WHERE log_id = ANY (?)
                                    """)
                            .param(logIds.stream().mapToLong(Long::longValue).toArray())
                            .query(
                                    row -> {
                                        bytes.put(row.getLong(1), row.getLong(2));
                                    });
                    return bytes;
                });
        return bytes;
    }

    @Override
    public List<ProducerState> of(long logId) {
        return DatabaseFaults.call(
                () ->
                        jdbc.sql(
                                        """
                                        SELECT producer_id, producer_epoch,
                                               coalesce(last_sequences[cardinality(last_sequences)], -1), updated_at,
                                               open_from, ended
                                        FROM producer_states WHERE log_id = ? ORDER BY producer_id
                                        """)
                                .param(logId)
                                .query(PostgresInspection::state)
                                .list());
    }

    private static ProducerState state(ResultSet row, int number) throws SQLException {
        return new ProducerState(
                row.getLong(1),
                row.getShort(2),
                row.getInt(3),
                row.getObject(4, OffsetDateTime.class).toInstant(),
                row.getObject(5) == null ? OptionalLong.empty() : OptionalLong.of(row.getLong(5)),
                row.getBoolean(6));
    }
}
