package io.fleuve.alerts.streams;

import io.fleuve.alerts.readings.DecodedReading;
import io.fleuve.alerts.readings.HeaderLookup;
import io.fleuve.alerts.readings.ReadingDecoder;
import io.fleuve.alerts.readings.ReadingEncoder;
import io.fleuve.alerts.readings.RejectionReason;
import io.fleuve.alerts.readings.TemperatureReading;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes into readings and sends each on its way: to the windows of this task if the record is
 * keyed and stands in the home partition of its region, through the internal topic otherwise, or to
 * the dead letters.
 *
 * <p>Records without a key always take the detour, even where they happen to stand in the home
 * partition: all readings of one publisher then share one road, and none overtakes the others.
 */
final class DecodeProcessor extends ContextualProcessor<byte[], byte[], Object, Object> {

    private final AveragingTopology.Parts parts;
    private final boolean fromInternalTopic;
    private final ReadingDecoder decoder;
    private final ReadingEncoder encoder = new ReadingEncoder();

    DecodeProcessor(AveragingTopology.Parts parts, boolean fromInternalTopic) {
        this.parts = parts;
        this.fromInternalTopic = fromInternalTopic;
        this.decoder = new ReadingDecoder(parts.limits());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata metadata =
                context()
                        .recordMetadata()
                        .orElseThrow(() -> new IllegalStateException("record without position"));
        Instant now = Instant.ofEpochMilli(context().currentSystemTimeMs());
        HeaderLookup headers = name -> lastValue(record.headers(), name);
        switch (decoder.decode(record.key(), record.value(), headers, record.timestamp(), now)) {
            case DecodedReading.Accepted(TemperatureReading reading) ->
                    accept(record, metadata, reading, now);
            case DecodedReading.Rejected(RejectionReason reason, String detail) ->
                    reject(record, metadata, reason, detail);
        }
    }

    private void accept(
            Record<byte[], byte[]> record,
            RecordMetadata metadata,
            TemperatureReading reading,
            Instant now) {
        if (fromInternalTopic) {
            Optional<ReadingOrigin> origin = ForwardHeaders.originOf(record.headers());
            if (origin.isEmpty() || !isAtHome(record.key(), metadata, reading)) {
                reject(
                        record,
                        metadata,
                        RejectionReason.NOT_FORWARDED,
                        "only this service writes to this topic");
                return;
            }
            toWindows(record, metadata, reading, origin.get(), now);
        } else if (isAtHome(record.key(), metadata, reading)) {
            parts.metrics().directReadings.increment();
            ReadingOrigin origin =
                    new ReadingOrigin(false, metadata.partition(), metadata.offset());
            toWindows(record, metadata, reading, origin, now);
        } else {
            parts.metrics().forwardedReadings.increment();
            detour(metadata, reading);
        }
    }

    private boolean isAtHome(
            byte @Nullable [] key, RecordMetadata metadata, TemperatureReading reading) {
        return key != null && parts.source().homeOf(reading.region()) == metadata.partition();
    }

    /** Readings are calibrated here, behind the detour, so that none is calibrated twice. */
    private void toWindows(
            Record<byte[], byte[]> record,
            RecordMetadata metadata,
            TemperatureReading raw,
            ReadingOrigin origin,
            Instant now) {
        TemperatureReading calibrated = parts.calibrations().current().applyTo(raw);
        switch (decoder.checked(calibrated, now)) {
            case DecodedReading.Accepted(TemperatureReading reading) ->
                    context()
                            .forward(
                                    new Record<>(
                                            reading.region(),
                                            new SourcedReading(reading, origin),
                                            reading.observedAt().toEpochMilli()),
                                    AveragingTopology.WINDOWS);
            case DecodedReading.Rejected(RejectionReason reason, String detail) ->
                    reject(record, metadata, reason, detail + ", after calibration");
        }
    }

    private static byte @Nullable [] lastValue(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }

    private void detour(RecordMetadata metadata, TemperatureReading reading) {
        Headers headers = new RecordHeaders();
        ForwardHeaders.addSource(
                headers, metadata.topic(), metadata.partition(), metadata.offset());
        context()
                .forward(
                        new Record<>(
                                reading.region().getBytes(StandardCharsets.UTF_8),
                                encoder.encode(reading),
                                reading.observedAt().toEpochMilli(),
                                headers),
                        AveragingTopology.UNKEYED_SINK);
    }

    private void reject(
            Record<byte[], byte[]> record,
            RecordMetadata metadata,
            RejectionReason reason,
            String detail) {
        parts.metrics().deadLetter(reason);
        Headers headers = new RecordHeaders(record.headers().toArray());
        ForwardHeaders.addSource(
                headers, metadata.topic(), metadata.partition(), metadata.offset());
        ForwardHeaders.put(headers, ForwardHeaders.REASON, reason.code());
        ForwardHeaders.put(headers, ForwardHeaders.DETAIL, detail);
        context().forward(record.withHeaders(headers), AveragingTopology.DEAD_LETTER_SINK);
    }
}
