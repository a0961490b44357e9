package io.fleuve.gateway.v3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.LosslessJson;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class AclRequestTest {

    private static final String ACL =
            "{'resource_type':'topic','resource_name':'t-','pattern_type':'PREFIXED','principal':'User:a',"
                    + "'host':'*','operation':'READ','permission':'ALLOW'}";

    @Test
    void readsAnAclInEitherCase() {
        AclBinding acl = parse(ACL);
        assertThat(acl.pattern().resourceType()).isEqualTo(ResourceType.TOPIC);
        assertThat(acl.pattern().patternType()).isEqualTo(PatternType.PREFIXED);
        assertThat(acl.entry().operation()).isEqualTo(AclOperation.READ);
    }

    @Test
    void refusesWhatIsNotOneAcl() {
        for (String[] wrong :
                new String[][] {
                    {"'topic'", "'ANY'", "resource_type cannot be ANY"},
                    {"'PREFIXED'", "'MATCH'", "pattern_type cannot be MATCH"},
                    {"'READ'", "'ANY'", "operation cannot be ANY"},
                    {"'ALLOW'", "'ANY'", "permission cannot be ANY"},
                    {"'User:a'", "null", "principal is required"}
                }) {
            assertThatThrownBy(() -> parse(ACL.replace(wrong[0], wrong[1])))
                    .isInstanceOf(RestException.class)
                    .hasMessageContaining(wrong[2]);
        }
    }

    @Test
    void anEmptyParameterMatchesAny() {
        AclBindingFilter filter =
                new AclRequest.Query("any", "", "any", null, "", "any", "any").toFilter("UNKNOWN");
        assertThat(filter).isEqualTo(AclBindingFilter.ANY);
        assertThatThrownBy(
                        () ->
                                new AclRequest.Query("any", "", "any", null, "", "juggle", "any")
                                        .toFilter("UNKNOWN"))
                .isInstanceOf(RestException.class)
                .hasMessageContaining("operation cannot be UNKNOWN");
    }

    private static AclBinding parse(String body) {
        return AclRequest.parse(
                LosslessJson.read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }
}
