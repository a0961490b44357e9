package io.fleuve.gateway.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;

class ErrorWriterTest {

    private static ResponseEntity<Object> respond(String accept) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/x");
        request.addHeader("Accept", accept);
        return ErrorWriter.respond(request, RestError.topicNotFound(), null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|application/json",
                "application/json|application/json",
                "application/problem+json|application/problem+json",
                "application/json, application/problem+json|application/problem+json",
                "application/json;q=0.5, application/problem+json|application/problem+json",
                "application/json, application/problem+json;q=0.5|application/json",
                "application/problem+json;q=0|application/json",
                "application/vnd.kafka.v2+json|application/vnd.kafka.v2+json",
                "application/vnd.kafka.json.v2+json|application/vnd.kafka.v2+json",
                "not a type|application/json"
            })
    void answersInTheTypeThatTheClientPrefers(String accept, String contentType) {
        assertThat(respond(accept).getHeaders().getContentType()).hasToString(contentType);
    }

    @Test
    void roundsRetryAfterUpToWholeSeconds() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/x");
        assertThat(
                        ErrorWriter.respond(
                                        request, RestError.topicNotFound(), Duration.ofMillis(1200))
                                .getHeaders()
                                .getFirst("Retry-After"))
                .isEqualTo("2");
        assertThat(respond("*/*").getHeaders().getFirst("Retry-After")).isNull();
    }
}
