package io.fleuve.postgres;

import java.util.Locale;

/**
 * The operating system and processor in the words that zonky's archives are named with.
 *
 * @param system {@code linux} or {@code darwin}
 * @param machine {@code x86_64} or {@code arm_64}
 */
record Platform(String system, String machine) {

    static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Platform of(String osName, String osArch) {
        String name = osName.toLowerCase(Locale.ROOT);
        String system = name.startsWith("linux") ? "linux" : name.startsWith("mac") ? "darwin" : "";
        String machine =
                switch (osArch.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> "";
                };
        if (system.isEmpty() || machine.isEmpty()) {
            throw new EmbeddedPostgresException(
                    "No embedded PostgreSQL for "
                            + osName
                            + " on "
                            + osArch
                            + ": there is one for Linux and macOS on x86-64 and ARM64."
                            + " Use a PostgreSQL server of your own instead (FLEUVE_POSTGRES_URL).");
        }
        return new Platform(system, machine);
    }

    /** The archive on the class path that holds this platform's server. */
    String archive() {
        return "postgres-" + system + "-" + machine + ".txz";
    }

    boolean isMac() {
        return system.equals("darwin");
    }
}
