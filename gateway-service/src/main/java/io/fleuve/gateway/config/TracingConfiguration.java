package io.fleuve.gateway.config;

import io.fleuve.gateway.tracing.MessagingSpans;
import io.fleuve.gateway.tracing.Tracing;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Spans, off unless there is a collector. Spring Boot's own configuration for them is left out: it
 * would reach every service on a shared class path.
 */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    @Bean
    Tracing gatewayTracing(
            GatewayProperties properties,
            @Value("${spring.application.name}") String service,
            ObservationRegistry registry) {
        return Tracing.of(properties.tracing(), service, registry);
    }

    @Bean
    MessagingSpans messagingSpans(Tracing tracing) {
        return tracing.messaging();
    }
}
