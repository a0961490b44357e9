package io.fleuve.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of the run that puts the API's document to the test: generated requests to a whole
 * platform, whose answers must be those of the document.
 */
class OpenApiIT {

    private static final long LIMIT_MINUTES = 8;

    @TempDir Path directory;

    @Test
    void generatedRequestsGetTheAnswersThatTheDocumentKnows() throws Exception {
        assumeTrue(
                run("sh", "-c", "python3 -c 'import ensurepip, venv'") == 0,
                "needs python3 with its venv module");
        int status =
                run(
                        Path.of("../gateway-service/openapi-run.sh").toRealPath().toString(),
                        "--short");
        assertThat(status).as(Files.readString(output())).isZero();
    }

    private int run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output().toFile())
                        .redirectInput(new File("/dev/null"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES))
                    .as("ended in time: %s", Files.readString(output()))
                    .isTrue();
            return process.exitValue();
        } finally {
            // The script ends the platform that it has started.
            process.destroy();
        }
    }

    private Path output() {
        return directory.resolve("output.txt");
    }
}
