package io.fleuve.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's programs, unpacked once for each user into a directory that is named by version and
 * checksum of the archive, so that another version never meets the files of this one.
 */
final class PostgresBinaries {

    /** Overrides where the programs are unpacked. */
    static final String CACHE_PROPERTY = "fleuve.postgres.cache";

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresBinaries.class);

    private final Path home;
    private final String version;

    private PostgresBinaries(Path home, String version) {
        this.home = home;
        this.version = version;
    }

    /**
     * Finds the programs for this machine below {@code cache}, unpacking them first where
     * necessary.
     */
    static PostgresBinaries in(Path cache, Platform platform) {
        try {
            String version = version();
            Path home = cache.resolve("postgres-" + version + "-" + checksum(platform));
            if (!Files.isDirectory(home)) {
                unpack(platform, home);
            }
            return new PostgresBinaries(home, version);
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "Cannot unpack PostgreSQL below "
                            + cache
                            + ": "
                            + e
                            + ". Make the directory writable or name another with -D"
                            + CACHE_PROPERTY
                            + "=<directory>.",
                    e);
        }
    }

    static Path cache(RunAs account, Platform platform) {
        String configured = System.getProperty(CACHE_PROPERTY);
        if (configured != null && !configured.isBlank()) {
            return Path.of(configured).toAbsolutePath();
        }
        if (!account.seesHome()) {
            return Path.of("/var/cache/fleuve");
        }
        Path home = Path.of(System.getProperty("user.home"));
        if (platform.isMac()) {
            return home.resolve("Library/Caches/fleuve");
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg);
        return base.resolve("fleuve");
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /**
     * The part of the version that decides whether a data directory can be opened, {@code 18} in
     * 18.6.
     */
    String majorVersion() {
        return version.substring(0, version.indexOf('.'));
    }

    private static void unpack(Platform platform, Path home) throws IOException {
        Path cache = Files.createDirectories(home.toAbsolutePath().getParent());
        Path unfinished = cache.resolve(home.getFileName() + "." + UUID.randomUUID() + ".part");
        LOGGER.atInfo().addKeyValue("directory", home).log("unpacking PostgreSQL");
        try (InputStream packed = archive(platform);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                unpack(tar, entry, unfinished);
            }
            // The directory appears whole or not at all; of several JVMs at work the first one
            // wins.
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            LOGGER.atDebug().log("another process unpacked PostgreSQL first");
        } finally {
            Trees.delete(unfinished);
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
            throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("the archive names a file outside itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Path directory = Objects.requireNonNull(target.getParent());
        Files.createDirectories(directory);
        if (entry.isSymbolicLink()) {
            if (!directory.resolve(entry.getLinkName()).normalize().startsWith(root)) {
                throw new IOException("the archive links outside itself: " + entry.getName());
            }
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, target);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(
                target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static InputStream archive(Platform platform) {
        InputStream in =
                PostgresBinaries.class.getClassLoader().getResourceAsStream(platform.archive());
        if (in == null) {
            throw new EmbeddedPostgresException(
                    "The PostgreSQL server for this platform ("
                            + platform.archive()
                            + ") is not on the class path: it comes with a build on the same platform."
                            + " Build here, or use a PostgreSQL server of your own"
                            + " (FLEUVE_POSTGRES_URL).");
        }
        return new BufferedInputStream(in, 1 << 16);
    }

    private static String checksum(Platform platform) throws IOException {
        try (InputStream in = archive(platform)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, sha256).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(sha256.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String version() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = PostgresBinaries.class.getResourceAsStream("binaries.properties")) {
            if (in == null) {
                throw new IOException("binaries.properties is not on the class path");
            }
            properties.load(in);
        }
        return properties.getProperty("version");
    }
}
