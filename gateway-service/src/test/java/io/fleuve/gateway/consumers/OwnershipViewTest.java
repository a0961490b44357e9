package io.fleuve.gateway.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.consumers.InstanceDescription.Owner;
import io.fleuve.gateway.consumers.OwnershipView.Applied;
import io.fleuve.gateway.format.EmbeddedFormat;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnershipViewTest {

    private static final InstanceId ID = new InstanceId("group", "name");
    private static final Owner A = owner("a");
    private static final Owner B = owner("b");
    private static final Owner C = owner("c");

    private final OwnershipView view = new OwnershipView();

    @Test
    void letsTheFirstOfTwoClaimsStand() {
        InstanceDescription created = created("uid", A);
        view.apply(created, 1);

        assertThat(view.apply(created.passedTo(B), 2))
                .isEqualTo(new Applied.Accepted(created.passedTo(B)));
        assertThat(view.apply(created.passedTo(C), 3))
                .isEqualTo(new Applied.Refused(created.passedTo(B)));

        assertThat(view.find(ID)).contains(created.passedTo(B));
    }

    @Test
    void letsTheFirstOfTwoInstancesOfANameStand() {
        view.apply(created("one", A), 1);

        assertThat(view.apply(created("two", B), 2))
                .isEqualTo(new Applied.Refused(created("one", A)));
    }

    @Test
    void takesChangesOfTheOwnerAndRefusesThoseOfAnEarlierOne() {
        InstanceDescription created = created("uid", A);
        Interest topics = new Interest.Topics(List.of("t"));
        view.apply(created, 1);
        assertThat(view.apply(created.with(topics), 2)).isInstanceOf(Applied.Accepted.class);
        InstanceDescription taken = created.with(topics).passedTo(B);
        view.apply(taken, 3);

        assertThat(view.apply(created.with(new Interest.None()), 4))
                .isEqualTo(new Applied.Refused(taken));

        assertThat(view.find(ID)).contains(taken);
        assertThat(view.entries()).containsExactly(new OwnershipView.Entry(taken, 3));
    }

    @Test
    void doesNotLetALateTombstoneRemoveANewerInstance() {
        view.apply(created("one", A), 1);
        assertThat(view.remove(ID, "one")).isEqualTo(new Applied.Removed(created("one", A)));
        view.apply(created("two", B), 2);

        assertThat(view.remove(ID, "one")).isEqualTo(new Applied.Refused(created("two", B)));

        assertThat(view.find(ID)).contains(created("two", B));
    }

    @Test
    void doesNotBringARemovedInstanceBack() {
        InstanceDescription created = created("uid", A);
        view.apply(created, 1);
        view.remove(ID, "uid");

        assertThat(view.apply(created.passedTo(B), 2)).isEqualTo(new Applied.Ignored());

        assertThat(view.find(ID)).isEmpty();
    }

    /**
     * Gateways write whatever they like; an owner answers a refused record. When all is quiet,
     * those who read everything and one who reads what compaction has left say the same.
     */
    @Test
    void agreesWithOneWhoReadsWhatCompactionHasLeft() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            List<Written> log = new ArrayList<>();
            OwnershipView everything = new OwnershipView();
            InstanceDescription seen = created("uid-0", A);
            int instances = 1;
            for (int i = 0; i < 20; i++) {
                // What a gateway writes follows from what it has seen, which may be old.
                InstanceDescription latest = everything.find(ID).orElse(null);
                if (latest != null && random.nextBoolean()) {
                    seen = latest;
                }
                Owner writer = List.of(A, B, C).get(random.nextInt(3));
                Written next =
                        switch (random.nextInt(5)) {
                            case 0 -> new Written(created("uid-" + instances++, writer), "");
                            case 1 -> new Written(null, seen.uid());
                            case 2 -> new Written(seen.with(new Interest.Matching("p" + i)), "");
                            default -> new Written(seen.passedTo(writer), "");
                        };
                write(everything, log, next);
            }

            OwnershipView compacted = new OwnershipView();
            Map<InstanceId, Written> last = new LinkedHashMap<>();
            log.forEach(written -> last.put(ID, written));
            last.values().forEach(written -> written.applyTo(compacted));

            Optional<InstanceDescription> truth = everything.find(ID);
            if (truth.isPresent()) {
                assertThat(compacted.find(ID)).as("seed %d", seed).isEqualTo(truth);
            }
        }
    }

    private static void write(OwnershipView view, List<Written> log, Written written) {
        log.add(written);
        if (written.applyTo(view) instanceof Applied.Refused(InstanceDescription still)) {
            write(view, log, new Written(still.passedTo(still.owner()), ""));
        }
    }

    /** A record of the log; a tombstone if it has no description. */
    private record Written(@Nullable InstanceDescription description, String uid) {

        Applied applyTo(OwnershipView view) {
            return description == null ? view.remove(ID, uid) : view.apply(description, 0);
        }
    }

    private static Owner owner(String gateway) {
        return new Owner(gateway, URI.create("http://127.0.0.1:1/" + gateway));
    }

    private static InstanceDescription created(String uid, Owner owner) {
        return new InstanceDescription(
                ID,
                uid,
                1,
                owner,
                new InstanceConfig(
                        EmbeddedFormat.JSON, Dialect.CONFLUENT, null, true, null, null, null),
                new Interest.None());
    }
}
