package io.fleuve.conformance.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a client's program needs, put below {@code target/clients} once: again when what it is made
 * from has changed.
 */
final class Installation {

    static final Path SOURCES = Path.of("src", "test", "clients");

    private static final Path TARGET = Path.of("target", "clients");
    private static final String RECORD = "installed-from";

    private final String program;
    private final Path source;
    private final Path directory;
    private final List<CommandLine> steps;

    private Installation(String program, Path source, Path directory, List<CommandLine> steps) {
        this.program = program;
        this.source = source;
        this.directory = directory.toAbsolutePath();
        this.steps = steps;
    }

    /** Nothing but a program that must be there. */
    static Installation of(String program) {
        return new Installation(
                program, SOURCES.resolve(program), TARGET.resolve(program), List.of());
    }

    /** A virtual environment with what a file of requirements names. */
    static Installation python(String name) {
        Path requirements = SOURCES.resolve("python").resolve("requirements-" + name + ".txt");
        Path directory = TARGET.resolve(name).toAbsolutePath();
        return new Installation(
                "python3",
                requirements,
                directory,
                List.of(
                        CommandLine.of("python3", "-m", "venv", "--clear", directory.toString())
                                .within(Duration.ofMinutes(2)),
                        CommandLine.of(
                                        directory.resolve("bin/python").toString(),
                                        "-m",
                                        "pip",
                                        "install",
                                        "--quiet",
                                        "--disable-pip-version-check",
                                        "--only-binary=:all:",
                                        "--requirement",
                                        requirements.toString())
                                .within(Duration.ofMinutes(4))));
    }

    /** The packages of the lock file, without scripts and without native code. */
    static Installation javascript() {
        Path directory = TARGET.resolve("javascript").toAbsolutePath();
        return new Installation(
                "npm",
                SOURCES.resolve("javascript"),
                directory,
                List.of(
                        CommandLine.of(
                                        "npm",
                                        "ci",
                                        "--ignore-scripts",
                                        "--omit=optional",
                                        "--no-audit",
                                        "--no-fund")
                                .in(directory)
                                .within(Duration.ofMinutes(3))));
    }

    /** Programs built from the modules of {@code go.sum}. */
    static Installation go() {
        Path directory = TARGET.resolve("go").toAbsolutePath();
        return new Installation(
                "go",
                SOURCES.resolve("go"),
                directory,
                List.of(
                        CommandLine.of("go", "build", "-mod=readonly", "-o", "bin/", "./...")
                                .in(directory)
                                .with(Map.of("GOTOOLCHAIN", "local"))
                                .within(Duration.ofMinutes(5))));
    }

    /** A Maven project, built with the Maven that runs these tests. */
    static Installation maven(String project) {
        Path directory = TARGET.resolve(project).toAbsolutePath();
        String maven = System.getProperty(HeavyJob.MAVEN, "mvn");
        return new Installation(
                maven,
                SOURCES.resolve(project),
                directory,
                List.of(
                        CommandLine.of(maven, "-q", "-B", "package")
                                .in(directory)
                                .with(Map.of("JAVA_HOME", System.getProperty("java.home")))
                                .within(Duration.ofMinutes(20))));
    }

    /** Where it is. */
    Path directory() {
        return directory;
    }

    /** Installs it if that is not done; returns the reason why it cannot be done. */
    synchronized Optional<String> install() {
        if (!CommandLine.exists(program)) {
            return Optional.of(program + " is not installed");
        }
        try {
            String fingerprint = fingerprint();
            Path done = directory.resolve(RECORD);
            if (Files.exists(done) && Files.readString(done).equals(fingerprint)) {
                return Optional.empty();
            }
            Files.createDirectories(directory);
            if (Files.isDirectory(source)) {
                copy();
            }
            for (CommandLine step : steps) {
                CommandLine.Result result = step.run();
                if (result.exitCode() != 0) {
                    return Optional.of(
                            "'%s' failed: %s"
                                    .formatted(String.join(" ", step.words()), result.errors()));
                }
            }
            Files.writeString(done, fingerprint);
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String fingerprint() throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void copy() throws IOException {
        Files.walkFileTree(
                source,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path from, BasicFileAttributes attributes) throws IOException {
                        Files.createDirectories(directory.resolve(source.relativize(from)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path from, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(
                                from,
                                directory.resolve(source.relativize(from)),
                                StandardCopyOption.REPLACE_EXISTING);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
