package io.fleuve.gateway.v3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.LosslessJson;
import io.fleuve.gateway.kafka.OffsetTarget;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffsetResetRequestTest {

    @Test
    void readsScopeAndTarget() {
        OffsetResetRequest request =
                parse(
                        "{'topics':[{'topic_name':'a','partition_ids':[1,0]},{'topic_name':'b'}],"
                                + "'target':'offset','offset':7,'dry_run':true}");
        assertThat(request.scope()).isEqualTo(Map.of("a", Set.of(0, 1), "b", Set.of()));
        assertThat(request.target()).isEqualTo(new OffsetTarget.At(7));
        assertThat(request.dryRun()).isTrue();
    }

    @Test
    void readsEveryKindOfTarget() {
        assertThat(parse("{'target':'earliest'}").target()).isEqualTo(new OffsetTarget.Earliest());
        assertThat(parse("{'target':'latest'}").target()).isEqualTo(new OffsetTarget.Latest());
        assertThat(parse("{'target':'shift-by','shift_by':-3}").target())
                .isEqualTo(new OffsetTarget.ShiftBy(-3));
        assertThat(parse("{'target':'timestamp','timestamp':'1970-01-01T00:00:01Z'}").target())
                .isEqualTo(new OffsetTarget.Since(1000));
        assertThat(parse("{'target':'earliest'}").dryRun()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|target is required",
                "{'target':'middle'}|but is middle",
                "{'target':'offset'}|offset must be an integer",
                "{'target':'offset','offset':'7'}|offset must be an integer",
                "{'target':'shift-by','offset':7}|shift_by must be an integer",
                "{'target':'timestamp'}|timestamp is required",
                "{'target':'timestamp','timestamp':'yesterday'}|not an RFC 3339 time",
                "{'target':'earliest','offset':7}|offset does not go with target earliest",
                "{'target':'earliest','topics':[]}|topics is empty",
                "{'target':'earliest','topics':[{'topic_name':'a','partition_ids':[]}]}|partition_ids is empty",
                "{'target':'earliest','topics':[{'topic_name':'a','partition_ids':['0']}]}|not a number",
                "{'target':'earliest','topics':[{}]}|without \"topic_name\"",
                "{'target':'earliest','topics':[{'topic_name':'a'},{'topic_name':'a'}]}|names a twice",
                "{'target':'earliest','to':1}|Unrecognized field"
            })
    void refusesWhatIsUnclear(String body, String message) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOf(RestException.class)
                .hasMessageContaining(message);
    }

    private static OffsetResetRequest parse(String body) {
        return OffsetResetRequest.parse(
                LosslessJson.read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }
}
