package io.fleuve.alerts.channels;

import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's HTTP client without the retries: one call, one POST.
 *
 * <p>By itself the SDK sends a message up to six times when it is told {@code 503} with {@code
 * Retry-After}, once through Apache's retry strategy and again through its own loop in {@code
 * reliableRequest}, and each may become an SMS. Here both are off. What the server answered is kept
 * for the calling thread, because the SDK's exceptions lose headers, and its {@code
 * getLastResponse} belongs to whoever called last.
 */
final class OneShotTwilioHttpClient extends NetworkHttpClient implements Closeable {

    private static final URI TWILIO = URI.create("https://api.twilio.com");

    private final URI baseUrl;
    private static final ThreadLocal<@Nullable Answer> ANSWER = new ThreadLocal<>();

    /** Status and {@code Retry-After} of an answer. */
    record Answer(int status, @Nullable String retryAfter) {}

    OneShotTwilioHttpClient(URI baseUrl) {
        super(HttpClientBuilder.create().disableAutomaticRetries().disableRedirectHandling());
        this.baseUrl = baseUrl;
    }

    /** What the server answered to this thread's last request, or null if it did not answer. */
    @Nullable Answer lastAnswer() {
        return ANSWER.get();
    }

    void forget() {
        ANSWER.remove();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    @Override
    public Response reliableRequest(Request request) {
        return makeRequest(request);
    }

    @Override
    public Response reliableRequest(
            Request request, int[] retryCodes, int retries, long delayMillis) {
        return makeRequest(request);
    }

    @Override
    public Response makeRequest(Request request) {
        ANSWER.remove();
        Response response = super.makeRequest(rebased(request));
        ANSWER.set(new Answer(response.getStatusCode(), retryAfterOf(response)));
        return response;
    }

    private static @Nullable String retryAfterOf(Response response) {
        Header[] headers = response.getHeaders();
        if (headers == null) {
            return null;
        }
        for (Header header : headers) {
            if (header.getName().equalsIgnoreCase("Retry-After")) {
                return header.getValue();
            }
        }
        return null;
    }

    /** The same request to the configured address: the SDK knows only Twilio's own. */
    private Request rebased(Request request) {
        if (baseUrl.equals(TWILIO)) {
            return request;
        }
        URI url = URI.create(request.getUrl());
        Request rebased =
                new Request(
                        request.getMethod(),
                        baseUrl.getScheme() + "://" + baseUrl.getAuthority() + url.getRawPath());
        copy(request.getQueryParams(), rebased::addQueryParam);
        copy(request.getPostParams(), rebased::addPostParam);
        copy(request.getHeaderParams(), rebased::addHeaderParam);
        if (request.getContentType() != null) {
            rebased.setContentType(request.getContentType());
        }
        if (request.getBody() != null) {
            rebased.setBody(request.getBody());
        }
        if (request.getUserAgentExtensions() != null) {
            rebased.setUserAgentExtensions(request.getUserAgentExtensions());
        }
        if (request.getUsername() != null && request.getPassword() != null) {
            rebased.setAuth(request.getUsername(), request.getPassword());
        }
        return rebased;
    }

    private static void copy(
            Map<String, List<String>> parameters, BiConsumer<String, String> target) {
        parameters.forEach((name, values) -> values.forEach(v -> target.accept(name, v)));
    }
}
