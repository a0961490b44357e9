package io.fleuve.gateway.idempotency;

import io.fleuve.gateway.format.LosslessJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How claims and outcomes are written in the gateway's topics. The key of each record is the digest
 * of the idempotency key, as 32 hexadecimal digits.
 *
 * <pre>
 * claim    {"kind":"claim","supersedes":-1,"fingerprint":"…","transactional_id":"…"}
 * release  {"kind":"release","claim":17}
 * outcome  the body of the answer, with a header "reply": {"claim":17,"status":200,"headers":{…}}
 * </pre>
 */
final class ClaimCodec {

    private static final String REPLY = "reply";
    private static final String CLAIM = "claim";

    private ClaimCodec() {}

    static ProducerRecord<byte[], byte[]> claim(
            String topic,
            int partition,
            Digest key,
            Digest fingerprint,
            String transactionalId,
            long supersedes) {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("kind", CLAIM)
                        .put("supersedes", supersedes)
                        .put("fingerprint", fingerprint.hex())
                        .put("transactional_id", transactionalId);
        return new ProducerRecord<>(topic, partition, bytes(key), LosslessJson.write(json));
    }

    static ProducerRecord<byte[], byte[]> release(
            String topic, int partition, Digest key, long claim) {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("kind", "release").put(CLAIM, claim);
        return new ProducerRecord<>(topic, partition, bytes(key), LosslessJson.write(json));
    }

    /** Applies a record of the claims topic; anything else than a claim or a release is skipped. */
    static void apply(ConsumerRecord<byte[], byte[]> record, ClaimLedger ledger) {
        try {
            Digest key = keyOf(record);
            JsonNode json = LosslessJson.read(record.value());
            switch (json.path("kind").asString("")) {
                case CLAIM ->
                        ledger.claim(
                                key,
                                new Claim(
                                        record.offset(),
                                        record.timestamp(),
                                        Digest.parse(json.required("fingerprint").stringValue()),
                                        json.required("transactional_id").stringValue()),
                                json.required("supersedes").longValue());
                case "release" ->
                        ledger.release(
                                key,
                                record.offset(),
                                record.timestamp(),
                                json.required(CLAIM).longValue());
                default -> ledger.skip(record.offset(), record.timestamp());
            }
        } catch (RuntimeException e) {
            // Not of a gateway: it must not keep the gateways from reading on.
            ledger.skip(record.offset(), record.timestamp());
        }
    }

    static ProducerRecord<byte[], byte[]> outcome(
            String topic, int partition, Digest key, long claim, Reply reply) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(CLAIM, claim).put("status", reply.status());
        ObjectNode headers = json.putObject("headers");
        reply.headers().forEach(headers::put);
        List<Header> header = List.of(new RecordHeader(REPLY, LosslessJson.write(json)));
        return new ProducerRecord<>(topic, partition, bytes(key), reply.body(), header);
    }

    /** Applies a record of the outcomes topic. */
    static void applyOutcome(ConsumerRecord<byte[], byte[]> record, ClaimLedger ledger) {
        try {
            ledger.outcome(
                    keyOf(record), replyOf(record).required(CLAIM).longValue(), record.offset());
        } catch (RuntimeException e) {
            // Not of a gateway.
        }
    }

    /** The answer that an outcome holds. */
    static Reply reply(ConsumerRecord<byte[], byte[]> record) {
        JsonNode json = replyOf(record);
        Map<String, String> headers = new HashMap<>();
        json.required("headers")
                .forEachEntry((name, value) -> headers.put(name, value.stringValue()));
        return new Reply(json.required("status").intValue(), headers, record.value());
    }

    private static JsonNode replyOf(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(REPLY);
        if (header == null) {
            throw new IllegalArgumentException("an outcome without a reply");
        }
        return LosslessJson.read(header.value());
    }

    private static byte[] bytes(Digest key) {
        return key.hex().getBytes(StandardCharsets.US_ASCII);
    }

    private static Digest keyOf(ConsumerRecord<byte[], byte[]> record) {
        return Digest.parse(new String(record.key(), StandardCharsets.US_ASCII));
    }
}
