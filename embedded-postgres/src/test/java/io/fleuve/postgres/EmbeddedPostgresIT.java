package io.fleuve.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedPostgresIT {

    @TempDir Path directory;

    @Test
    void dataSurviveCloseAndOpenOnTheSamePort() throws SQLException {
        int port;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            port = postgres.port();
            execute(postgres, "CREATE TABLE reading (celsius int)");
            execute(postgres, "INSERT INTO reading VALUES (31)");
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            assertThat(query(postgres, "SELECT celsius FROM reading")).isEqualTo("31");
            assertThat(postgres.port()).isEqualTo(port);
        }
    }

    @Test
    void committedDataSurviveKillAndOpen() throws SQLException {
        EmbeddedPostgres killed = EmbeddedPostgres.open(data());
        execute(killed, "CREATE TABLE reading (celsius int)");
        execute(killed, "INSERT INTO reading SELECT generate_series(1, 1000)");
        killed.kill();
        assertThat(killed.isRunning()).isFalse();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            assertThat(query(postgres, "SELECT count(*) FROM reading")).isEqualTo("1000");
        }
    }

    @Test
    void restartsAfterKillAndWhileRunning() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            String url = postgres.jdbcUrl();
            execute(postgres, "CREATE TABLE reading (celsius int)");
            postgres.kill();
            postgres.restart();
            execute(postgres, "INSERT INTO reading VALUES (31)");
            long pid = postgres.pid();
            postgres.restart();
            assertThat(postgres.pid()).isNotEqualTo(pid);
            assertThat(postgres.jdbcUrl()).isEqualTo(url);
            assertThat(query(postgres, "SELECT celsius FROM reading")).isEqualTo("31");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fsync, on",
        "synchronous_commit, on",
        "full_page_writes, on",
        "listen_addresses, 127.0.0.1",
        "password_encryption, scram-sha-256",
        "autovacuum, on",
        "server_encoding, UTF8",
        "lc_messages, C",
        "log_timezone, UTC",
        "data_checksums, on",
        "is_superuser, on"
    })
    void settingIs(String setting, String value) throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(shared())) {
            assertThat(query(postgres, "SHOW " + setting)).isEqualTo(value);
        }
    }

    @Test
    void settingsOfDurabilityCannotBeAlteredAway() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            execute(postgres, "ALTER SYSTEM SET fsync = off");
            postgres.restart();
            assertThat(query(postgres, "SHOW fsync")).isEqualTo("on");
        }
    }

    @Test
    void refusesWrongPassword() {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            assertThatThrownBy(
                            () ->
                                    DriverManager.getConnection(
                                            postgres.jdbcUrl(), postgres.user(), "guess"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void keepsThePasswordInAFileForItsOwnerAlone() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            Path file = directory.resolve("pg.connection");
            assertThat(Files.readString(file)).contains(postgres.password());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(postgres.jdbcUrl()).doesNotContain(postgres.password());
        }
    }

    @Test
    void setsANewPasswordWhenTheFileIsGone() throws SQLException, IOException {
        String lost;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            lost = postgres.password();
        }
        Files.delete(directory.resolve("pg.connection"));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            assertThat(postgres.password()).isNotEqualTo(lost);
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void refusesASecondOpenerInThisProcess() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            assertThatThrownBy(() -> EmbeddedPostgres.open(data()))
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining("in use by this process");
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
        EmbeddedPostgres.open(data()).close();
    }

    @Test
    void refusesASecondProcessAndRecoversFromTheFirstOnesDeath() throws Exception {
        Process owner = openInAnotherProcess();
        long orphan = readyPid(owner);
        assertThatThrownBy(() -> EmbeddedPostgres.open(data()))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("in use by another process")
                .hasMessageContaining(data().toString());

        owner.destroyForcibly();
        assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(Postmaster.on(data()).map(Postmaster::pid)).contains(orphan);

        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            assertThat(postgres.pid()).isNotEqualTo(orphan);
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
        assertThat(Postmaster.on(data())).isEmpty();
    }

    @Test
    void recoversWhenPostmasterAloneWasKilled() throws Exception {
        EmbeddedPostgres first = EmbeddedPostgres.open(data());
        execute(first, "CREATE TABLE reading (celsius int)");
        try (Connection session = connect(first);
                Statement statement = session.createStatement()) {
            statement.execute("INSERT INTO reading VALUES (31)");
            assertThat(ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly()).isTrue();
            await().atMost(Duration.ofSeconds(10)).until(() -> !first.isRunning());
            first.restart();
        }
        assertThat(query(first, "SELECT celsius FROM reading")).isEqualTo("31");
        first.close();
    }

    @Test
    void startsWhenAStalePidFileNamesAnotherProcess() throws Exception {
        EmbeddedPostgres.open(data()).close();
        Files.writeString(
                data().resolve("postmaster.pid"),
                "%d%n%s%n1700000000%n5432%n%n127.0.0.1%n%nready   %n"
                        .formatted(ProcessHandle.current().pid(), data()));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void startsOverAHalfDoneInitialisation() throws Exception {
        Path halfDone = Files.createDirectories(directory.resolve("pg.initialising/data"));
        Files.writeString(halfDone.resolve("PG_VERSION"), "18\n");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data())) {
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
        assertThat(directory.resolve("pg.initialising")).doesNotExist();
    }

    @Test
    void refusesADirectoryOfSomethingElse() throws IOException {
        Files.writeString(Files.createDirectories(data()).resolve("diary.txt"), "Dear diary");
        assertThatThrownBy(() -> EmbeddedPostgres.open(data()))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("neither empty nor a PostgreSQL data directory");
        assertThat(data().resolve("diary.txt")).exists();
    }

    @Test
    void refusesADirectoryOfAnotherVersion() throws IOException {
        Files.writeString(Files.createDirectories(data()).resolve("PG_VERSION"), "9.6\n");
        assertThatThrownBy(() -> EmbeddedPostgres.open(data()))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("written by PostgreSQL 9.6");
    }

    @Test
    void showsTheEndOfTheLogWhenTheServerDoesNotStart() throws IOException {
        EmbeddedPostgres.open(data()).close();
        Files.writeString(data().resolve("postgresql.conf"), "no_such_setting = 1\n");
        assertThatThrownBy(() -> EmbeddedPostgres.open(data()))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("no_such_setting")
                .hasMessageContaining("pg.log");
        Files.writeString(data().resolve("postgresql.conf"), "");
        EmbeddedPostgres.open(data()).close(); // the failure has not kept the lock
    }

    @Test
    void movesToAnotherPortWhenItsOwnIsTaken() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.open(data());
        int port = postgres.port();
        postgres.close();
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            postgres = EmbeddedPostgres.open(data());
            assertThat(postgres.port()).isNotEqualTo(taken.getLocalPort());
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
            postgres.close();
        }
    }

    @Test
    void temporaryLeavesNothingBehind() throws SQLException {
        EmbeddedPostgres postgres = EmbeddedPostgres.temporary();
        Path data = postgres.dataDirectory();
        assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        postgres.close();
        postgres.close();
        assertThat(data.getParent()).doesNotExist();
        assertThat(postgres.isRunning()).isFalse();
    }

    @Test
    void closeIsQuickThoughSessionsAreOpen() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.open(data());
        try (Connection session = connect(postgres)) {
            assertThat(session.isValid(1)).isTrue();
            long start = System.nanoTime();
            postgres.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(10));
        }
        assertThat(Postmaster.on(data())).isEmpty();
    }

    private Path data() {
        return directory.resolve("pg");
    }

    /** One initialisation for all settings. */
    private static Path shared() {
        return Path.of("target", "settings", "pg");
    }

    private Process openInAnotherProcess() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        OpenUntilKilled.class.getName(),
                        data().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static long readyPid(Process process) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith(OpenUntilKilled.READY)) {
                return Long.parseLong(line.substring(OpenUntilKilled.READY.length()));
            }
        }
        throw new AssertionError("the other process ended before it opened the directory");
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
