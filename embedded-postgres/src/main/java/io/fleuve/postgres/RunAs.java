package io.fleuve.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The account that the server runs under. PostgreSQL refuses to run as root, so root hands the
 * server to somebody else: by preference to a user namespace without any mapping, where root's
 * files stay its own but the user is not root; where namespaces are forbidden (most containers), to
 * an unprivileged account, which then owns the data.
 */
sealed interface RunAs {

    /** The command to start in place of {@code words}. */
    List<String> command(List<String> words);

    /** Makes everything below {@code directory} belong to the account. */
    void own(Path directory);

    /** Whether the account can get at files in this process's home directory. */
    boolean seesHome();

    static RunAs detect() {
        if (new UnixSystem().getUid() != 0) {
            return new SameUser();
        }
        if (works(UserNamespace.PREFIX)) {
            return new UserNamespace();
        }
        for (String account : List.of("postgres", "nobody")) {
            OtherAccount other = new OtherAccount(account);
            if (works(other.prefix())) {
                return other;
            }
        }
        throw new EmbeddedPostgresException(
                "PostgreSQL does not run as root, and neither `unshare --user` nor `setpriv --reuid` works here."
                        + " Start as an ordinary user, or use a PostgreSQL server of your own"
                        + " (FLEUVE_POSTGRES_URL).");
    }

    private static boolean works(List<String> prefix) {
        try {
            List<String> words = Stream.concat(prefix.stream(), Stream.of("true")).toList();
            return Command.run(words, "", Duration.ofSeconds(10)).succeeded();
        } catch (UncheckedIOException e) {
            return false; // the program is not installed
        }
    }

    private static void chown(Path directory, String account) {
        try (Stream<Path> files = Files.walk(directory)) {
            var owner =
                    directory
                            .getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(account);
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                    Files.setOwner(file, owner);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> join(List<String> prefix, List<String> words) {
        return Stream.concat(prefix.stream(), words.stream()).toList();
    }

    /** The user of this process. */
    record SameUser() implements RunAs {

        @Override
        public List<String> command(List<String> words) {
            return words;
        }

        @Override
        public void own(Path directory) {}

        @Override
        public boolean seesHome() {
            return true;
        }
    }

    /** Root outside, nobody in particular inside. */
    record UserNamespace() implements RunAs {

        static final List<String> PREFIX = List.of("unshare", "--user");

        @Override
        public List<String> command(List<String> words) {
            return join(PREFIX, words);
        }

        @Override
        public void own(Path directory) {
            chown(directory, "root"); // an earlier run may have given it to another account
        }

        @Override
        public boolean seesHome() {
            return true;
        }
    }

    /**
     * An unprivileged account of this machine.
     *
     * @param account its name in the user database
     */
    record OtherAccount(String account) implements RunAs {

        /** By number: its name differs between distributions. */
        private static final String NOBODYS_GROUP = "65534";

        List<String> prefix() {
            return List.of(
                    "setpriv", "--reuid", account, "--regid", NOBODYS_GROUP, "--clear-groups");
        }

        @Override
        public List<String> command(List<String> words) {
            return join(prefix(), words);
        }

        @Override
        public void own(Path directory) {
            chown(directory, account);
        }

        @Override
        public boolean seesHome() {
            return false;
        }
    }
}
