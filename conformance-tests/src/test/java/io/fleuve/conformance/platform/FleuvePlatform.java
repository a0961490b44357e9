package io.fleuve.conformance.platform;

import io.fleuve.postgres.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Fleuve: one broker in a child process, an embedded PostgreSQL, and a directory as store. */
public final class FleuvePlatform implements PlatformUnderTest {

    /** A small heap, and a quick start. */
    private static final List<String> SMALL =
            List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path directory;
    private final EmbeddedPostgres postgres;
    private final BrokerProcess broker;

    private FleuvePlatform(List<String> jvmOptions, Map<String, String> settings)
            throws IOException {
        this.directory = Files.createTempDirectory("fleuve-broker-");
        this.postgres = EmbeddedPostgres.temporary();
        Map<String, String> environment = new HashMap<>(settings);
        environment.putAll(
                Map.of(
                        "FLEUVE_POSTGRES_URL", postgres.jdbcUrl(),
                        "FLEUVE_POSTGRES_USER", postgres.user(),
                        "FLEUVE_POSTGRES_PASSWORD", postgres.password(),
                        "FLEUVE_DATA_DIR", directory.resolve("data").toString()));
        this.broker =
                BrokerProcess.launch(directory.resolve("broker.log"), jvmOptions, environment);
        broker.awaitReady();
    }

    /** Starts one with a small heap. */
    public static FleuvePlatform start() {
        return start(SMALL);
    }

    /** Starts one with given options of its JVM. */
    public static FleuvePlatform start(List<String> jvmOptions) {
        return start(jvmOptions, Map.of());
    }

    /** Starts one with given options of its JVM and settings, as environment variables. */
    public static FleuvePlatform start(List<String> jvmOptions, Map<String, String> settings) {
        try {
            return new FleuvePlatform(jvmOptions, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return "Fleuve";
    }

    @Override
    public String bootstrapServers() {
        return broker.address();
    }

    /** The database, to be killed. */
    public EmbeddedPostgres postgres() {
        return postgres;
    }

    /** The broker's process. */
    public BrokerProcess broker() {
        return broker;
    }

    @Override
    public List<Long> processes() {
        return List.of(broker.pid(), postgres.pid());
    }

    /** The directory that records are stored in. */
    public Path store() {
        return directory.resolve("data").resolve("store");
    }

    @Override
    public void kill() {
        broker.kill();
    }

    @Override
    public void restart() {
        broker.relaunch();
        broker.awaitReady();
    }

    @Override
    public void close() {
        broker.stop();
        postgres.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
