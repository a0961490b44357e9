package io.fleuve.gateway.consumers;

import io.fleuve.gateway.consumers.InstanceDescription.Owner;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.errors.InterruptException;

/** Asks another gateway to serve a request. */
final class HopClient implements AutoCloseable {

    private static final List<String> ANSWER_HEADERS = List.of("Content-Type", "Retry-After");

    private final ConsumerLimits limits;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;

    HopClient(ConsumerLimits limits) {
        this.limits = limits;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(limits.connectTimeout())
                        .executor(executor)
                        .build();
    }

    /** What came of it. */
    sealed interface Outcome {

        record Answered(HopAnswer answer) implements Outcome {}

        /** The other gateway says that it does not own the instance. */
        record Misdirected() implements Outcome {}

        /** It does not answer. */
        record Unreachable(String reason) implements Outcome {}
    }

    /** Sends a request to the gateway that owns the instance; {@code waits} is for records. */
    Outcome send(Owner owner, HopRequest request, Duration waits) {
        try {
            HttpResponse<byte[]> response =
                    http.send(
                            toHttp(owner.url(), request, limits.hopTimeout().plus(waits)),
                            BodyHandlers.ofByteArray());
            String answering = response.headers().firstValue(HopRequest.GATEWAY_HEADER).orElse("");
            if (!answering.equals(owner.gateway())) {
                // Its address was given to another process, or it is a new life of the same one.
                return new Outcome.Unreachable("another process answers there");
            }
            if (response.statusCode() == 421) {
                return new Outcome.Misdirected();
            }
            Map<String, String> headers = new LinkedHashMap<>();
            for (String name : ANSWER_HEADERS) {
                response.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
            }
            return new Outcome.Answered(
                    new HopAnswer(response.statusCode(), headers, response.body()));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return new Outcome.Unreachable("no connection");
        } catch (IOException e) {
            return new Outcome.Unreachable(
                    e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static HttpRequest toHttp(URI gateway, HopRequest request, Duration timeout) {
        BodyPublisher body =
                request.body().length == 0
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofByteArray(request.body());
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(gateway + request.pathAndQuery()))
                        .timeout(timeout)
                        .method(request.method(), body);
        request.headers().forEach(builder::setHeader);
        return builder.setHeader(HopRequest.HEADER, "1").build();
    }

    @Override
    public void close() {
        http.shutdownNow();
        executor.shutdownNow();
    }
}
