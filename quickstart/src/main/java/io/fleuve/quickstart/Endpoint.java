package io.fleuve.quickstart;

/** A TCP port that the quickstart serves, and the environment variable that moves it. */
enum Endpoint {
    KAFKA("the Kafka protocol", "FLEUVE_KAFKA_PORT", "FLEUVE_KAFKA_HOST", 9092),
    GATEWAY("the gateway", "FLEUVE_GATEWAY_PORT", "FLEUVE_HTTP_HOST", 8080),
    BROKER("the broker's health and metrics", "FLEUVE_BROKER_HTTP_PORT", "FLEUVE_HTTP_HOST", 8081),
    ALERTS("the alert service", "FLEUVE_ALERTS_PORT", "FLEUVE_HTTP_HOST", 8082),
    SIMULATOR("the simulator", "FLEUVE_SIMULATOR_PORT", "FLEUVE_HTTP_HOST", 8083);

    private final String purpose;
    private final String portVariable;
    private final String hostVariable;
    private final int usualPort;

    Endpoint(String purpose, String portVariable, String hostVariable, int usualPort) {
        this.purpose = purpose;
        this.portVariable = portVariable;
        this.hostVariable = hostVariable;
        this.usualPort = usualPort;
    }

    /** For a sentence: "port 8080 for the gateway". */
    String purpose() {
        return purpose;
    }

    String portVariable() {
        return portVariable;
    }

    String hostVariable() {
        return hostVariable;
    }

    int usualPort() {
        return usualPort;
    }
}
