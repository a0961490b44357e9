package io.fleuve.gateway.config;

import io.fleuve.gateway.errors.ErrorCounter;
import io.fleuve.gateway.kafka.RecordProducer;
import io.fleuve.gateway.v3.Links;
import io.fleuve.gateway.v3.RecordStream;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** What the controllers need besides Kafka clients. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    @Bean
    ErrorCounter errorCounter(MeterRegistry registry) {
        return new ErrorCounter(registry);
    }

    @Bean
    Links links(GatewayProperties properties) {
        URI advertised = properties.advertisedUrl();
        return new Links(advertised == null ? null : advertised.toString());
    }

    @Bean
    RecordStream recordStream(
            RecordProducer producer, ErrorCounter errors, JsonMapper mapper, Clock clock) {
        return new RecordStream(producer, errors, mapper, clock);
    }

    /** A stream may be silent for longer than a connection may wait for its next request. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> streamIdleTimeout(
            GatewayProperties properties) {
        int millis = Math.toIntExact(properties.produce().streamIdleTimeout().toMillis());
        return factory ->
                factory.addConnectorCustomizers(
                        connector -> {
                            if (connector.getProtocolHandler()
                                    instanceof AbstractHttp11Protocol<?> http) {
                                http.setDisableUploadTimeout(false);
                                http.setConnectionUploadTimeout(millis);
                            }
                        });
    }
}
