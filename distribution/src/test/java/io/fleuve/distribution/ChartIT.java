package io.fleuve.distribution;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart's own tests, as part of every build where their tools can be had. */
class ChartIT {

    @TempDir Path directory;

    @Test
    void isWhatKubernetesTakesAndItsValuesMeanWhatTheySay() throws Exception {
        assumeTrue(Script.isOnPath("python3"), "needs python3");
        assumeTrue(
                Script.isOnPath("helm") || Script.isOnPath("go"),
                "needs helm, or Go to build it with");
        Script.mustSucceed(Path.of("../helm/test.sh"), directory);
    }
}
