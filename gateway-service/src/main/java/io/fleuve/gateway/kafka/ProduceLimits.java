package io.fleuve.gateway.kafka;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of producing, all below {@code fleuve.gateway.produce}.
 *
 * @param maxInFlightRequests HTTP requests that may be producing at once; more are told to come
 *     back
 * @param admissionTimeout how long a request waits for its turn before it is told so
 * @param maxRequestSize bytes of a body that is read whole
 * @param maxRecordSize bytes of one record, and of one request to a broker
 * @param maxRecordsPerRequest records of one v2 request
 * @param maxBatchEntries entries of one v3 batch
 * @param maxPendingPerStream records of one stream that may be unacknowledged
 * @param streamMaxDuration how long a stream may last
 * @param streamIdleTimeout how long a stream may be silent
 * @param bufferMemory bytes waiting to be sent, over all requests
 * @param maxBlock how long a record may wait for metadata or memory
 * @param linger how long a batch waits for company
 * @param requestTimeout how long one attempt may take
 * @param deliveryTimeout how long all attempts may take
 * @param compressionType none, gzip, snappy, lz4 or zstd
 */
public record ProduceLimits(
        @DefaultValue("256") int maxInFlightRequests,
        @DefaultValue("500ms") Duration admissionTimeout,
        @DefaultValue("32MB") DataSize maxRequestSize,
        @DefaultValue("1MB") DataSize maxRecordSize,
        @DefaultValue("10000") int maxRecordsPerRequest,
        @DefaultValue("10") int maxBatchEntries,
        @DefaultValue("500") int maxPendingPerStream,
        @DefaultValue("24h") Duration streamMaxDuration,
        @DefaultValue("5m") Duration streamIdleTimeout,
        @DefaultValue("32MB") DataSize bufferMemory,
        @DefaultValue("5s") Duration maxBlock,
        @DefaultValue("0ms") Duration linger,
        @DefaultValue("5s") Duration requestTimeout,
        @DefaultValue("15s") Duration deliveryTimeout,
        @DefaultValue("none") String compressionType) {

    private static final String PREFIX = "fleuve.gateway.produce.";

    public ProduceLimits {
        Bounds.positive(PREFIX + "max-in-flight-requests", maxInFlightRequests);
        Bounds.notNegative(PREFIX + "admission-timeout", admissionTimeout);
        Bounds.between(PREFIX + "max-request-size", maxRequestSize, 1024, Integer.MAX_VALUE);
        Bounds.between(PREFIX + "max-record-size", maxRecordSize, 1024, 1 << 30);
        Bounds.positive(PREFIX + "max-records-per-request", maxRecordsPerRequest);
        Bounds.positive(PREFIX + "max-batch-entries", maxBatchEntries);
        Bounds.positive(PREFIX + "max-pending-per-stream", maxPendingPerStream);
        Bounds.positive(PREFIX + "stream-max-duration", streamMaxDuration);
        Bounds.positive(PREFIX + "stream-idle-timeout", streamIdleTimeout);
        Bounds.between(
                PREFIX + "buffer-memory", bufferMemory, maxRecordSize.toBytes(), Long.MAX_VALUE);
        Bounds.positive(PREFIX + "max-block", maxBlock);
        Bounds.notNegative(PREFIX + "linger", linger);
        Bounds.positive(PREFIX + "request-timeout", requestTimeout);
        Bounds.check(
                deliveryTimeout.compareTo(linger.plus(requestTimeout)) >= 0,
                PREFIX + "delivery-timeout",
                "at least linger + request-timeout (" + linger.plus(requestTimeout) + ")",
                deliveryTimeout);
    }

    /** Bytes of JSON that may describe one record: base64, names and slack included. */
    public long maxRecordTextBytes() {
        return 2 * maxRecordSize.toBytes() + 65_536;
    }
}
