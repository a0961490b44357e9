package io.fleuve.gateway;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;

/** The REST gateway as a process of its own. */
// The APIs have controllers of the same names, each in its package.
@SpringBootApplication(nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
@ConfigurationPropertiesScan
public class GatewayApplication {

    /** Names the configuration file, so that all services can share one class path. */
    public static final String CONFIG_NAME = "gateway-service";

    public static void main(String[] args) {
        application().run(args);
    }

    /** The application, ready to run, in this process or as a part of a larger one. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(GatewayApplication.class)
                .properties("spring.config.name=" + CONFIG_NAME);
    }
}
