package io.fleuve.conformance.faults;

import io.fleuve.conformance.faults.FaultedCluster.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Something that goes wrong, and is right again when {@link #inject} returns. */
public enum Fault {
    BROKER_KILLED("broker killed with SIGKILL and started again", 2) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            node.kill();
            pause(time);
            node.restart();
        }
    },
    DATABASE_KILLED("PostgreSQL killed with SIGKILL and started again", 0) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            cluster.postgres().kill();
            cluster.postgres().restart();
        }
    },
    BOTH_KILLED("broker and PostgreSQL killed with SIGKILL and started again", 0) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            cluster.postgres().kill();
            node.kill();
            cluster.postgres().restart();
            node.restart();
        }
    },
    DATABASE_AWAY("PostgreSQL away", 30) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            cluster.postgres().kill();
            pause(time);
            cluster.postgres().restart();
        }
    },
    BROKER_FROZEN("broker frozen with SIGSTOP", 20) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random)
                throws IOException {
            freeze(List.of(node.pid()), time);
        }
    },
    DATABASE_FROZEN("PostgreSQL frozen with SIGSTOP", 20) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random)
                throws IOException {
            List<Long> processes = new ArrayList<>(List.of(cluster.postgres().pid()));
            ProcessHandle.of(cluster.postgres().pid())
                    .ifPresent(server -> server.descendants().forEach(p -> processes.add(p.pid())));
            freeze(processes, time);
        }
    },
    DISK_FULL("the broker's disk full (RLIMIT_FSIZE)", 10) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random)
                throws IOException {
            String pid = Long.toString(node.pid());
            run("prlimit", "--pid", pid, "--fsize=1:unlimited");
            try {
                pause(time);
            } finally {
                run("prlimit", "--pid", pid, "--fsize=unlimited:unlimited");
            }
        }
    },
    STORE_GONE("a file in the place of the store's directory", 10) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random)
                throws IOException {
            Path store = cluster.store();
            Path aside = store.resolveSibling("store-aside");
            Files.move(store, aside);
            Files.createFile(store);
            try {
                pause(time);
            } finally {
                Files.delete(store);
                Files.move(aside, store);
            }
        }
    },
    DATABASE_CUT("connections to PostgreSQL cut, several times", 3) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            repeatedly(time, random, node.database()::cut);
        }
    },
    DATABASE_CUT_IN_ANSWER("connections to PostgreSQL cut within its answers", 3) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            repeatedly(time, random, () -> node.database().cutWithinAnswer(random.nextInt(2_000)));
            node.database().resume();
        }
    },
    DATABASE_SILENT("connections to PostgreSQL open and silent", 20) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            node.database().fallSilent();
            pause(time);
            node.database().resume();
        }
    },
    CLIENTS_CUT("connections of clients cut, several times", 3) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            repeatedly(time, random, node.clients()::cut);
        }
    },
    CLIENTS_CUT_IN_ANSWER("connections of clients cut within answers", 3) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            repeatedly(time, random, () -> node.clients().cutWithinAnswer(random.nextInt(20_000)));
            node.clients().resume();
        }
    },
    CLIENTS_SILENT("connections of clients open and silent", 20) {
        @Override
        public void inject(
                FaultedCluster cluster, Node node, Duration time, SplittableRandom random) {
            node.clients().fallSilent();
            pause(time);
            node.clients().resume();
        }
    };

    private static final int MAX_CUT_PAUSE_MS = 300;

    private static final Set<Fault> OF_ANY_BROKER =
            EnumSet.of(
                    BROKER_KILLED,
                    BROKER_FROZEN,
                    CLIENTS_CUT,
                    CLIENTS_CUT_IN_ANSWER,
                    CLIENTS_SILENT);

    private final String description;
    private final int longestSeconds;

    Fault(String description, int longestSeconds) {
        this.description = description;
        this.longestSeconds = longestSeconds;
    }

    /**
     * Makes it happen, and ends it.
     *
     * @param node whom it hits, if it hits one alone
     * @param time how long it lasts, where it lasts
     */
    public abstract void inject(
            FaultedCluster cluster, Node node, Duration time, SplittableRandom random)
            throws IOException;

    /** As it stands in reports. */
    public String description() {
        return description;
    }

    /** Those that need neither database nor store, and that a broker shall outlive. */
    public static List<Fault> ofAnyBroker() {
        return List.copyOf(OF_ANY_BROKER);
    }

    /** How long it may last. */
    public Duration longest() {
        return Duration.ofSeconds(longestSeconds);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A fault lasts for as long as it shall: there is no condition to wait for. */
    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void repeatedly(Duration time, SplittableRandom random, Runnable cut) {
        long end = System.nanoTime() + time.toNanos();
        do {
            cut.run();
            pause(Duration.ofMillis(1 + random.nextInt(MAX_CUT_PAUSE_MS)));
        } while (System.nanoTime() < end);
    }

    private static void freeze(List<Long> processes, Duration time) throws IOException {
        signal("STOP", processes);
        try {
            pause(time);
        } finally {
            signal("CONT", processes);
        }
    }

    private static void signal(String name, List<Long> processes) throws IOException {
        List<String> command = new ArrayList<>(List.of("kill", "-s", name, "--"));
        processes.forEach(process -> command.add(Long.toString(process)));
        // A process that has ended meanwhile needs no signal.
        run(false, command);
    }

    private static void run(String... command) throws IOException {
        run(true, List.of(command));
    }

    private static void run(boolean mustSucceed, List<String> command) throws IOException {
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0 && mustSucceed) {
                throw new IOException(command + " ended with status " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
