package io.fleuve.quickstart;

import io.fleuve.alerts.AlertsApplication;
import io.fleuve.broker.BrokerApplication;
import io.fleuve.gateway.GatewayApplication;
import io.fleuve.simulator.SimulatorApplication;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * One service of the quickstart; a later one may need an earlier one, never the other way round.
 */
enum Part {
    BROKER("broker", "broker", BrokerApplication::application),
    GATEWAY("gateway", "gateway", GatewayApplication::application),
    ALERTS("alerts", "alert service", AlertsApplication::application),
    SIMULATOR("simulator", "simulator", SimulatorApplication::application);

    private final String key;
    private final String title;
    private final Supplier<SpringApplicationBuilder> application;

    Part(String key, String title, Supplier<SpringApplicationBuilder> application) {
        this.key = key;
        this.title = title;
        this.application = application;
    }

    /** How FLEUVE_SERVICES names it. */
    String key() {
        return key;
    }

    static String keys() {
        return Arrays.stream(values()).map(Part::key).collect(Collectors.joining(", "));
    }

    /** What listens there. */
    static Part of(Endpoint endpoint) {
        return switch (endpoint) {
            case KAFKA, BROKER -> BROKER;
            case GATEWAY -> GATEWAY;
            case ALERTS -> ALERTS;
            case SIMULATOR -> SIMULATOR;
        };
    }

    String title() {
        return title;
    }

    /**
     * Keeps what others brought to the shared class path out of this part: only the gateway has
     * pages to serve, and the broker has no REST interface to document.
     */
    Map<String, Object> properties() {
        return switch (this) {
            case GATEWAY -> Map.of();
            case ALERTS, SIMULATOR -> Map.of("spring.web.resources.add-mappings", "false");
            case BROKER ->
                    Map.of(
                            "spring.web.resources.add-mappings", "false",
                            "springdoc.api-docs.enabled", "false",
                            "springdoc.swagger-ui.enabled", "false");
        };
    }

    SpringApplicationBuilder application() {
        return application.get();
    }
}
