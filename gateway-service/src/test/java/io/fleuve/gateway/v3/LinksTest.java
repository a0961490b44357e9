package io.fleuve.gateway.v3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class LinksTest {

    @Test
    void beginWithWhatTheClientCalled() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/v3/clusters");
        request.setServerName("gateway.example");
        request.setServerPort(8080);
        Links.Scope scope = new Links(null).of(request);
        assertThat(scope.url("c", "topics", "a b"))
                .isEqualTo("http://gateway.example:8080/v3/clusters/c/topics/a%20b");
    }

    @Test
    void beginWithTheAdvertisedUrlAndKeepThePrefix() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/kafka/v3/clusters");
        Links.Scope scope = new Links("https://api.example/gw").of(request);
        assertThat(scope.url("c")).isEqualTo("https://api.example/gw/kafka/v3/clusters/c");
    }

    @Test
    void nameResourcesAsConfluentDoes() {
        Links.Scope scope =
                new Links("http://x").of(new MockHttpServletRequest("GET", "/v3/clusters"));
        assertThat(scope.metadata("s", "c").resourceName()).isEqualTo("crn:///kafka=c");
        assertThat(scope.metadata("s", "c", "topic", "t", "partition", 1).resourceName())
                .isEqualTo("crn:///kafka=c/topic=t/partition=1");
        assertThat(scope.metadata("s", "c", "consumer-group", "g", "lag-summary").resourceName())
                .isEqualTo("crn:///kafka=c/consumer-group=g/lag-summary");
    }
}
