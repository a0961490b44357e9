package io.fleuve.quickstart;

import io.fleuve.alerts.AlertsApplication;
import io.fleuve.broker.BrokerApplication;
import io.fleuve.gateway.GatewayApplication;
import io.fleuve.simulator.SimulatorApplication;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * One service of the quickstart; a later one may need an earlier one, never the other way round.
 */
enum Part {
    BROKER("broker", BrokerApplication::application),
    GATEWAY("gateway", GatewayApplication::application),
    ALERTS("alert service", AlertsApplication::application),
    SIMULATOR("simulator", SimulatorApplication::application);

    private final String title;
    private final Supplier<SpringApplicationBuilder> application;

    Part(String title, Supplier<SpringApplicationBuilder> application) {
        this.title = title;
        this.application = application;
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
