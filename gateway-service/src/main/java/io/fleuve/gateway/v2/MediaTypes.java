package io.fleuve.gateway.v2;

/** The media types of v2. */
final class MediaTypes {

    static final String JSON = "application/vnd.kafka.v2+json";
    static final String BINARY_RECORDS = "application/vnd.kafka.binary.v2+json";
    static final String JSON_RECORDS = "application/vnd.kafka.json.v2+json";
    static final String TEXT_RECORDS = "application/vnd.kafka.text.v2+json";

    private MediaTypes() {}
}
