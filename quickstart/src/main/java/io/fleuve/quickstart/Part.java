package io.fleuve.quickstart;

import io.fleuve.alerts.AlertsApplication;
import io.fleuve.broker.BrokerApplication;
import io.fleuve.gateway.GatewayApplication;
import io.fleuve.simulator.SimulatorApplication;
import java.util.function.Supplier;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** One service of the quickstart, in the order of starting. */
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

    SpringApplicationBuilder application() {
        return application.get();
    }
}
