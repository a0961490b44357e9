package io.fleuve.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database cluster on disk (PostgreSQL's word for a data directory): made once, checked at each
 * opening.
 */
final class Cluster {

    private static final Logger LOGGER = LoggerFactory.getLogger(Cluster.class);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final PostgresBinaries binaries;
    private final RunAs account;
    private final ServerFiles files;

    Cluster(PostgresBinaries binaries, RunAs account, ServerFiles files) {
        this.binaries = binaries;
        this.account = account;
        this.files = files;
    }

    /** Makes sure that there is a cluster that this server can open, and says how to reach it. */
    ConnectionFile prepare() throws IOException {
        Trees.delete(files.initialising()); // what a crash left half-done
        if (!files.isInitialised()) {
            requireEmpty();
            return initialise();
        }
        requireSameVersion();
        account.own(files.data());
        requireAccess(files.data());
        var known = ConnectionFile.read(files.connection());
        return known.isPresent() ? known.get() : resetPassword();
    }

    private void requireEmpty() throws IOException {
        if (!Files.isDirectory(files.data())) {
            return;
        }
        try (Stream<Path> entries = Files.list(files.data())) {
            if (entries.findAny().isPresent()) {
                throw new EmbeddedPostgresException(
                        files.data()
                                + " is neither empty nor a PostgreSQL data directory:"
                                + " use another directory (FLEUVE_DATA_DIR).");
            }
        }
    }

    private void requireSameVersion() throws IOException {
        String found = Files.readString(files.data().resolve("PG_VERSION")).strip();
        if (!found.equals(binaries.majorVersion())) {
            throw new EmbeddedPostgresException(
                    files.data()
                            + " was written by PostgreSQL "
                            + found
                            + " and this is PostgreSQL "
                            + binaries.majorVersion()
                            + ": move the data with pg_dump or pg_upgrade, or use another directory"
                            + " (FLEUVE_DATA_DIR).");
        }
    }

    private void requireAccess(Path directory) {
        Command.Outcome outcome =
                Command.run(
                        account.command(List.of("test", "-w", directory.toString())),
                        "",
                        Duration.ofSeconds(10));
        if (!outcome.succeeded()) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL does not run as root, and the account it runs under ("
                            + account
                            + ") cannot reach "
                            + directory
                            + ": use a directory whose parents are open to all (chmod o+x), such as one below /var/lib.");
        }
    }

    private ConnectionFile initialise() throws IOException {
        LOGGER.atInfo().addKeyValue("directory", files.data()).log("initialising PostgreSQL");
        ConnectionFile connection = ConnectionFile.create();
        connection.write(files.connection());
        Path workshop = Files.createDirectory(files.initialising());
        Path passwordFile = workshop.resolve("password");
        Files.createFile(
                passwordFile,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, connection.password() + "\n");
        account.own(workshop);
        requireAccess(workshop);
        Path unfinished = workshop.resolve("data");
        check(
                "initdb",
                Command.run(
                        account.command(
                                List.of(
                                        binaries.program("initdb"),
                                        "--pgdata=" + unfinished,
                                        "--username=" + EmbeddedPostgres.USER,
                                        "--pwfile=" + passwordFile,
                                        "--auth=scram-sha-256",
                                        "--encoding=UTF8",
                                        "--no-locale",
                                        "--no-instructions")),
                        "",
                        LIMIT));
        single(unfinished, "CREATE DATABASE " + EmbeddedPostgres.DATABASE);
        Files.move(unfinished, files.data(), StandardCopyOption.ATOMIC_MOVE);
        Trees.syncName(files.data());
        Trees.delete(workshop);
        return connection;
    }

    /**
     * The file with the password is gone, the data are not: whoever may write the directory owns
     * both.
     */
    private ConnectionFile resetPassword() throws IOException {
        LOGGER.atWarn()
                .addKeyValue("file", files.connection())
                .log("PostgreSQL password file is missing, setting a new password");
        ConnectionFile connection = ConnectionFile.create();
        single(
                files.data(),
                "ALTER ROLE "
                        + EmbeddedPostgres.USER
                        + " PASSWORD '"
                        + connection.password()
                        + "'");
        connection.write(files.connection());
        return connection;
    }

    /** Runs one statement in a server of a single process, without network or authentication. */
    private void single(Path data, String statement) {
        Command.Outcome outcome =
                Command.run(
                        account.command(
                                List.of(
                                        binaries.program("postgres"),
                                        "--single",
                                        "-D",
                                        data.toString(),
                                        "postgres")),
                        statement + "\n",
                        LIMIT);
        check("postgres --single", outcome);
        if (outcome.output().contains("ERROR:") || outcome.output().contains("FATAL:")) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL refused to set up " + files.data() + ":\n" + outcome.output());
        }
    }

    private void check(String program, Command.Outcome outcome) {
        if (!outcome.succeeded()) {
            throw new EmbeddedPostgresException(
                    program
                            + " failed for "
                            + files.data()
                            + " (exit code "
                            + outcome.exitCode()
                            + "):\n"
                            + outcome.output());
        }
    }
}
