package io.fleuve.simulator;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The sensor simulator as a process of its own. */
@SpringBootApplication
public class SimulatorApplication {

    /** Names the configuration file, so that all services can share one class path. */
    public static final String CONFIG_NAME = "sensor-simulator";

    public static void main(String[] args) {
        application().run(args);
    }

    /** The application, ready to run, in this process or as a part of a larger one. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(SimulatorApplication.class)
                .properties("spring.config.name=" + CONFIG_NAME);
    }
}
