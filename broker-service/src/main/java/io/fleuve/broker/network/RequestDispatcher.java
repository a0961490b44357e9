package io.fleuve.broker.network;

import io.fleuve.broker.log.LogUnavailableException;
import io.fleuve.broker.metadata.MetadataUnavailableException;
import io.fleuve.broker.protocol.Api;
import io.fleuve.broker.protocol.ApiTable;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a frame into a request, finds who answers it, and makes an answer of whatever comes of it.
 */
final class RequestDispatcher {

    private static final Logger LOGGER = LoggerFactory.getLogger(RequestDispatcher.class);

    private final ApiTable apis;

    RequestDispatcher(ApiTable apis) {
        this.apis = apis;
    }

    /**
     * Starts the answer to a request. Called in the order of a connection's requests.
     *
     * @throws MalformedRequestException if there is no request in the frame that is served here
     */
    Exchange dispatch(ClientSession session, ByteBuffer frame) throws MalformedRequestException {
        long startNanos = System.nanoTime();
        String name = apiName(frame);
        RequestHeader header = parseHeader(name, frame);
        Api<?> api = served(header);
        RequestContext context = session.context(header);
        AbstractRequest request = parseBody(context, frame);
        if (request instanceof ApiVersionsRequest versions) {
            introduce(session, versions);
        }
        return new Exchange(context, startNanos, answer(api, context, request));
    }

    private static String apiName(ByteBuffer frame) {
        int key = frame.getShort(frame.position());
        String name = ApiKeys.hasId(key) ? ApiKeys.forId(key).name : "unknown API " + key;
        return name + " v" + frame.getShort(frame.position() + Short.BYTES);
    }

    private static RequestHeader parseHeader(String name, ByteBuffer frame)
            throws MalformedRequestException {
        try {
            return RequestHeader.parse(frame);
        } catch (RuntimeException e) {
            throw new MalformedRequestException(name, reason("no request header", e));
        }
    }

    private Api<?> served(RequestHeader header) throws MalformedRequestException {
        String name = header.apiKey().name + " v" + header.apiVersion();
        Api<?> api =
                apis.find(header.apiKey())
                        .orElseThrow(
                                () -> new MalformedRequestException(name, "the API is not served"));
        boolean inRange =
                header.apiVersion() >= api.minVersion() && header.apiVersion() <= api.maxVersion();
        // A client that asks for our versions cannot know them: it gets an answer in any case.
        if (!inRange && header.apiKey() != ApiKeys.API_VERSIONS) {
            throw new MalformedRequestException(
                    name,
                    "the version is not served; %d to %d are"
                            .formatted(api.minVersion(), api.maxVersion()));
        }
        return api;
    }

    private static AbstractRequest parseBody(RequestContext context, ByteBuffer frame)
            throws MalformedRequestException {
        try {
            return context.parseRequest(frame).request;
        } catch (RuntimeException e) {
            throw new MalformedRequestException(
                    context.header.apiKey().name + " v" + context.header.apiVersion(),
                    reason(
                            "the request cannot be parsed",
                            e.getCause() != null ? e.getCause() : e));
        }
    }

    private static String reason(String what, Throwable cause) {
        return what + ": " + cause.getMessage();
    }

    private static void introduce(ClientSession session, ApiVersionsRequest request) {
        String name = request.data().clientSoftwareName();
        if (!request.hasUnsupportedRequestVersion() && !name.isEmpty() && request.isValid()) {
            session.introduce(name, request.data().clientSoftwareVersion());
        }
    }

    private static CompletableFuture<Answer> answer(
            Api<?> api, RequestContext context, AbstractRequest request) {
        boolean silent = request instanceof ProduceRequest produce && produce.acks() == 0;
        CompletableFuture<? extends AbstractResponse> response;
        try {
            response = api.handle(context, request);
        } catch (RuntimeException e) {
            response = CompletableFuture.failedFuture(e);
        }
        return response.handle(
                (answer, failure) -> {
                    AbstractResponse any =
                            failure == null ? answer : errorResponse(context, request, failure);
                    return silent ? silence(any) : reply(any);
                });
    }

    private static Answer reply(@Nullable AbstractResponse response) {
        return response == null
                ? new Answer.HangUp("the API has no error answer")
                : new Answer.Reply(response);
    }

    private static Answer silence(@Nullable AbstractResponse response) {
        boolean failed =
                response == null
                        || response.errorCounts().keySet().stream()
                                .anyMatch(error -> error != Errors.NONE);
        return failed
                ? new Answer.HangUp("a produce request without acknowledgement failed")
                : new Answer.Silence();
    }

    private static @Nullable AbstractResponse errorResponse(
            RequestContext context, AbstractRequest request, Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        ApiException error = protocolError(context, cause);
        try {
            return request.getErrorResponse(0, error);
        } catch (RuntimeException e) {
            // What makes the answer stumbles over the request, too: over absent records, for one.
            LOGGER.atDebug().setCause(e).log("there is no error answer to a request");
            return null;
        }
    }

    private static ApiException protocolError(RequestContext context, Throwable cause) {
        if (cause instanceof ApiException known) {
            return known;
        }
        if (cause instanceof LogUnavailableException
                || cause instanceof MetadataUnavailableException) {
            LOGGER.atWarn()
                    .addKeyValue("api", context.header.apiKey())
                    .addKeyValue("reason", cause.getMessage())
                    .log("a request was refused for now");
            // Every client knows this code and tries again.
            return new TimeoutException(cause.getMessage());
        }
        LOGGER.atError()
                .setCause(cause)
                .addKeyValue("api", context.header.apiKey())
                .addKeyValue("version", context.header.apiVersion())
                .addKeyValue("client", context.clientId())
                .log("a request failed unexpectedly");
        return new UnknownServerException("The broker failed; see its log.");
    }
}
