package io.fleuve.distribution;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the backup is worth: everything is deleted and comes back. */
class BackupIT {

    @TempDir Path directory;

    @Test
    void everythingAcknowledgedBeforeABackupIsThereAfterItsRestore() throws Exception {
        assumeTrue(
                Script.isOnPath("initdb") || isInDebiansPlace(),
                "needs PostgreSQL's programs, pg_dump among them");
        Script.mustSucceed(Path.of("backup-run.sh"), directory);
    }

    private static boolean isInDebiansPlace() throws IOException {
        Path place = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(place)) {
            return false;
        }
        try (Stream<Path> versions = Files.list(place)) {
            return versions.anyMatch(v -> Files.isExecutable(v.resolve("bin/initdb")));
        }
    }
}
