package io.fleuve.gateway.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleuve.gateway.consumers.InstanceDescription.Owner;
import io.fleuve.gateway.format.EmbeddedFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DescriptionCodecTest {

    private static final InstanceId ID = new InstanceId("a/group", "naïve name");

    @Test
    void keepsEveryMember() {
        InstanceDescription description =
                new InstanceDescription(
                        ID,
                        "uid",
                        3,
                        new Owner("gateway", URI.create("http://10.0.0.1:8080")),
                        new InstanceConfig(
                                EmbeddedFormat.STRING,
                                Dialect.STRIMZI,
                                "earliest",
                                false,
                                1,
                                200,
                                "read_committed"),
                        new Interest.None());
        for (Interest interest :
                List.of(
                        new Interest.None(),
                        new Interest.Topics(List.of("a", "b")),
                        new Interest.Matching("a.*"),
                        new Interest.Partitions(List.of(new TopicPartition("t", 4))))) {
            InstanceDescription with = description.with(interest);
            assertThat(DescriptionCodec.decode(ID, DescriptionCodec.encode(with))).contains(with);
        }
        InstanceDescription ownerless = description.passedTo(null);
        assertThat(DescriptionCodec.decode(ID, DescriptionCodec.encode(ownerless)))
                .contains(ownerless);
    }

    @Test
    void tellsGroupAndNameApartInTheKey() {
        assertThat(InstanceId.ofKey(ID.toKey())).contains(ID);
        assertThat(new InstanceId("a", "b/c").toKey())
                .isNotEqualTo(new InstanceId("a/b", "c").toKey());
    }

    @Test
    void passesOverWhatIsNoDescription() {
        for (String json : List.of("", "null", "{}", "[]", "{\"uid\":\"u\"}", "garbage")) {
            assertThat(DescriptionCodec.decode(ID, json.getBytes(StandardCharsets.UTF_8)))
                    .as(json)
                    .isEmpty();
        }
        assertThat(InstanceId.ofKey("no-slash".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(InstanceId.ofKey("%zz/x".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
