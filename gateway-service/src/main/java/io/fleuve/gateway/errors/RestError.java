package io.fleuve.gateway.errors;

/**
 * A failure as a client sees it.
 *
 * @param status HTTP status, 400 to 599
 * @param errorCode Confluent's error code: the status itself, or the status followed by two digits
 * @param message what went wrong and, where it helps, what to do
 */
public record RestError(int status, int errorCode, String message) {

    public static final int BAD_REQUEST_BY_KAFKA = 40002;
    public static final int AUTHENTICATION = 40101;
    public static final int AUTHORIZATION = 40301;
    public static final int TOPIC_NOT_FOUND = 40401;
    public static final int PARTITION_NOT_FOUND = 40402;
    public static final int UNKNOWN_TOPIC_OR_PARTITION = 40403;
    public static final int GROUP_NOT_EMPTY = 40904;
    public static final int OFFSET_OUT_OF_RANGE = 41601;
    public static final int INVALID_PAYLOAD = 42206;
    public static final int INVALID_BATCH = 42208;
    public static final int TOO_MANY_REQUESTS = 42901;
    public static final int KAFKA = 50002;
    public static final int KAFKA_RETRIABLE = 50003;
    public static final int NO_CONSUMER_AVAILABLE = 50301;
    public static final int BROKER_NOT_AVAILABLE = 50302;

    public RestError {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be an error status, but is " + status);
        }
    }

    /** An error whose code is its status. */
    public static RestError ofStatus(int status, String message) {
        return new RestError(status, status, message);
    }

    /** As Confluent's proxy words a request that cannot be read. */
    public static RestError badRequest(String detail) {
        return ofStatus(400, "Bad Request: " + detail);
    }

    /** A named thing that does not exist and has no code of its own. */
    public static RestError notFound(String message) {
        return ofStatus(404, message);
    }

    public static RestError topicNotFound() {
        return new RestError(404, TOPIC_NOT_FOUND, "Topic not found.");
    }

    public static RestError partitionNotFound() {
        return new RestError(404, PARTITION_NOT_FOUND, "Partition not found.");
    }

    /** A body that is well formed but says something that cannot be done. */
    public static RestError invalidPayload(String cause) {
        return new RestError(422, INVALID_PAYLOAD, "Payload error. " + cause);
    }

    public static RestError invalidBatch(String message) {
        return new RestError(422, INVALID_BATCH, message);
    }

    /** Something larger than a bound of this gateway. */
    public static RestError tooLarge(String message) {
        return ofStatus(413, message);
    }

    public static RestError offsetOutOfRange(long offset, long begin, long end) {
        return new RestError(
                416,
                OFFSET_OUT_OF_RANGE,
                "Offset %d is out of range: the partition holds offsets from %d (inclusive) to %d (exclusive)."
                        .formatted(offset, begin, end));
    }

    /**
     * The same error inside a stream or a batch, where Confluent's proxy folds the code of a
     * payload error into the message.
     */
    public RestError insideStream() {
        return status == 422
                ? new RestError(422, 422, "Error: %d : %s".formatted(errorCode, message))
                : this;
    }
}
