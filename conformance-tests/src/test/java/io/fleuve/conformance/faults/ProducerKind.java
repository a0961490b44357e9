package io.fleuve.conformance.faults;

import java.util.HashMap;
import java.util.Map;

/** Producers that differ in what the broker gets to see of them. */
enum ProducerKind {
    IDEMPOTENT(true, "none", 16 << 10, 0),
    IDEMPOTENT_LZ4(true, "lz4", 64 << 10, 5),
    IDEMPOTENT_ZSTD(true, "zstd", 4 << 10, 20),
    PLAIN_GZIP(false, "gzip", 16 << 10, 10),
    PLAIN_SNAPPY(false, "snappy", 1 << 10, 0);

    private final boolean idempotent;
    private final String compression;
    private final int batchBytes;
    private final int lingerMs;

    ProducerKind(boolean idempotent, String compression, int batchBytes, int lingerMs) {
        this.idempotent = idempotent;
        this.compression = compression;
        this.batchBytes = batchBytes;
        this.lingerMs = lingerMs;
    }

    boolean isIdempotent() {
        return idempotent;
    }

    /** Its limits of time outlast every fault, so that it need not give a record up. */
    Map<String, Object> settings(String bootstrapServers) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("acks", "all");
        settings.put("enable.idempotence", idempotent);
        settings.put("compression.type", compression);
        settings.put("batch.size", batchBytes);
        settings.put("linger.ms", lingerMs);
        settings.put("retries", Integer.MAX_VALUE);
        settings.put("delivery.timeout.ms", 600_000);
        settings.put("request.timeout.ms", 10_000);
        settings.put("max.block.ms", 600_000L);
        settings.put("reconnect.backoff.max.ms", 500L);
        settings.put("metadata.max.age.ms", 10_000L);
        // Without sequence numbers only one request at a time keeps order across retries.
        settings.put("max.in.flight.requests.per.connection", idempotent ? 5 : 1);
        return settings;
    }
}
