package io.fleuve.conformance.platform;

/**
 * The platform that is tested: Fleuve, or with {@code -Dfleuve.conformance.subject=apache-kafka} an
 * Apache Kafka in its place, which tests the tests.
 */
public final class Subject {

    private Subject() {}

    /** Whether Apache Kafka stands in. */
    public static boolean isStandIn() {
        return "apache-kafka".equals(System.getProperty("fleuve.conformance.subject"));
    }

    /** Starts it. */
    public static PlatformUnderTest start() {
        return isStandIn() ? new ApacheKafkaPlatform() : FleuvePlatform.start();
    }
}
