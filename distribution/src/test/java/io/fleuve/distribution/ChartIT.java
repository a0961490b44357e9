package io.fleuve.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart's own tests, as part of every build where their tools can be had. */
class ChartIT {

    private static final long LIMIT_MINUTES = 10;

    @TempDir Path directory;

    @Test
    void isWhatKubernetesTakesAndItsValuesMeanWhatTheySay() throws Exception {
        assumeTrue(isOnPath("python3"), "needs python3");
        assumeTrue(isOnPath("helm") || isOnPath("go"), "needs helm, or Go to build it with");
        Path output = directory.resolve("output.txt");
        Process process =
                new ProcessBuilder(List.of(Path.of("../helm/test.sh").toRealPath().toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).as("in time").isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
