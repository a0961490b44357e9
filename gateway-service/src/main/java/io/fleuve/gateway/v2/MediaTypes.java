package io.fleuve.gateway.v2;

import io.fleuve.gateway.format.EmbeddedFormat;
import org.springframework.http.MediaType;

/** The media types of v2. */
final class MediaTypes {

    static final String JSON = "application/vnd.kafka.v2+json";
    static final String BINARY_RECORDS = "application/vnd.kafka.binary.v2+json";
    static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";
    static final String TEXT_RECORDS = "application/vnd.kafka.text.v2+json";

    private MediaTypes() {}

    /** Whether a type is one of Kafka's, of any embedded format. */
    static boolean isKafkaJson(MediaType type) {
        return type.getType().equals("application")
                && type.getSubtype().startsWith("vnd.kafka.")
                && type.getSubtype().endsWith("v2+json");
    }

    /** The type of records of a format. */
    static MediaType ofRecords(EmbeddedFormat format) {
        return MediaType.parseMediaType(
                switch (format) {
                    case BINARY -> BINARY_RECORDS;
                    case JSON -> JSON_RECORDS;
                    case STRING -> TEXT_RECORDS;
                });
    }
}
