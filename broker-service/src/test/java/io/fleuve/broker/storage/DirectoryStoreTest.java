package io.fleuve.broker.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-03-01T23:59:59Z"), ZoneOffset.UTC);

    private static final String KEY = "intake/2026-03-01/a.log";

    @TempDir Path directory;
    private DirectoryStore store;

    @BeforeEach
    void open() throws IOException {
        store = new DirectoryStore(directory, 10, CLOCK);
    }

    @Test
    void readsBackWhatWasAppendedWhereItWasAppended() throws IOException {
        try (ObjectWriter intake = store.create(KEY)) {
            assertThat(intake.append(List.of(bytes("abc"), bytes("de")))).isZero();
            assertThat(intake.append(List.of(bytes("fgh")))).isEqualTo(5);
            assertThat(intake.size()).isEqualTo(8);
            assertThat(text(store.read(intake.key(), 2, 4))).isEqualTo("cdef");
        }
    }

    @Test
    void putsObjectsWhereTheirKeysSayAndNamesThemAll() throws IOException {
        try (ObjectWriter intake = store.create(KEY);
                ObjectWriter other = store.create("b.log")) {
            intake.append(List.of(bytes("abc")));
            assertThat(other.size()).isZero();
            assertThat(directory.resolve(KEY)).hasSize(3);
        }
        Map<String, Long> found = new HashMap<>();
        store.list(each -> found.put(each.key(), each.sizeBytes()));
        assertThat(found).containsExactlyInAnyOrderEntriesOf(Map.of(KEY, 3L, "b.log", 0L));
    }

    @Test
    void refusesAKeyThatIsTaken() throws IOException {
        store.create(KEY).close();
        assertThatThrownBy(() -> store.create(KEY)).isInstanceOf(IOException.class);
    }

    @Test
    void removesTheDirectoryOfADayThatIsOverWithItsLastObject() throws IOException {
        for (String key : List.of("intake/2026-02-28/a.log", "intake/2026-02-28/b.log", KEY)) {
            store.create(key).close();
        }
        store.delete("intake/2026-02-28/a.log");
        assertThat(directory.resolve("intake/2026-02-28")).exists();
        store.delete("intake/2026-02-28/b.log");
        assertThat(directory.resolve("intake/2026-02-28")).doesNotExist();
        store.delete(KEY);
        assertThat(directory.resolve("intake/2026-03-01")).exists();
        store.create("intake/2026-02-28/c.log").close();
        assertThat(directory.resolve("intake/2026-02-28/c.log")).exists();
    }

    @Test
    void takesNoMoreThanAnObjectMayHoldButAlwaysAFirstAppend() throws IOException {
        try (ObjectWriter intake = store.create(KEY)) {
            assertThat(intake.accepts(1_000)).isTrue();
            intake.append(List.of(bytes("12345678")));
            assertThat(intake.accepts(2)).isTrue();
            assertThat(intake.accepts(3)).isFalse();
        }
    }

    @Test
    void takesNoMoreAppendsAfterAFailedOne() throws IOException {
        ObjectWriter intake = store.create(KEY);
        intake.close();
        assertThatThrownBy(() -> intake.append(List.of(bytes("x"))))
                .isInstanceOf(IOException.class);
        assertThat(intake.accepts(1)).isFalse();
        assertThatThrownBy(() -> intake.append(List.of(bytes("x"))))
                .hasMessageContaining("no more appends");
    }

    @Test
    void saysThatAnObjectIsTooShort() throws IOException {
        try (ObjectWriter intake = store.create(KEY)) {
            intake.append(List.of(bytes("abc")));
            assertThatThrownBy(() -> store.read(intake.key(), 1, 5))
                    .hasMessageContaining("ends at 3");
        }
    }

    @Test
    void deletesWhatIsThereAndWhatIsNot() throws IOException {
        try (ObjectWriter intake = store.create(KEY)) {
            intake.append(List.of(bytes("abc")));
            store.delete(intake.key());
            store.delete(intake.key());
            assertThat(directory.resolve(intake.key())).doesNotExist();
        }
    }

    @Test
    void refusesAKeyThatLeadsOutOfTheStore() {
        assertThatThrownBy(() -> store.read("../secret", 0, 1)).hasMessageContaining("not a key");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }
}
