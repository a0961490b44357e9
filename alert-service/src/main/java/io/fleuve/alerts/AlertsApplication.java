package io.fleuve.alerts;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The alert service as a process of its own. */
@SpringBootApplication
public class AlertsApplication {

    /** Names the configuration file, so that all services can share one class path. */
    public static final String CONFIG_NAME = "alert-service";

    public static void main(String[] args) {
        application().run(args);
    }

    /** The application, ready to run, in this process or as a part of a larger one. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(AlertsApplication.class)
                .properties("spring.config.name=" + CONFIG_NAME);
    }
}
