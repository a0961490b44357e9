package io.fleuve.conformance.bench;

import io.fleuve.conformance.platform.FleuvePlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/**
 * What a broker's records take in the database and in the store.
 *
 * @param pieces rows that say where records lie
 * @param objects rows of objects
 * @param files files in the store
 * @param storeBytes bytes in the store
 * @param liveBytes bytes of records that can be read
 * @param databaseBytes size of the two tables, indexes included
 */
record Shape(
        long pieces,
        long objects,
        long files,
        long storeBytes,
        long liveBytes,
        long databaseBytes) {

    static Shape of(FleuvePlatform broker) throws SQLException, IOException {
        long files = 0;
        long bytes = 0;
        try (Stream<Path> found = Files.walk(broker.store())) {
            for (Path file : (Iterable<Path>) found::iterator) {
                if (Files.isRegularFile(file)) {
                    files++;
                    bytes += sizeOf(file);
                }
            }
        }
        try (Connection connection =
                        DriverManager.getConnection(
                                broker.postgres().jdbcUrl(),
                                broker.postgres().user(),
                                broker.postgres().password());
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT (SELECT count(*) FROM broker.pieces), (SELECT count(*) FROM broker.objects),
                                       (SELECT coalesce(sum(size_bytes), 0) FROM broker.pieces),
                                       pg_total_relation_size('broker.pieces') + pg_total_relation_size('broker.objects')
                                """)) {
            row.next();
            return new Shape(
                    row.getLong(1), row.getLong(2), files, bytes, row.getLong(3), row.getLong(4));
        }
    }

    /** Nothing, if it was deleted meanwhile. */
    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return 0;
        }
    }
}
