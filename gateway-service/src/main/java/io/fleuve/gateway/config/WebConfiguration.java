package io.fleuve.gateway.config;

import io.fleuve.gateway.errors.ContainerErrorValve;
import io.fleuve.gateway.errors.ErrorCounter;
import io.fleuve.gateway.kafka.RecordProducer;
import io.fleuve.gateway.v3.Links;
import io.fleuve.gateway.v3.RecordStream;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
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

    /**
     * What Tomcat refuses by itself is answered as everything else is, and a slash within a name
     * (of a consumer group) may be written as {@code %2F}.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> containerErrors() {
        return factory -> {
            factory.addContextCustomizers(
                    context -> {
                        if (context.getParent() instanceof StandardHost host) {
                            host.setErrorReportValveClass(ContainerErrorValve.class.getName());
                        }
                    });
            factory.addConnectorCustomizers(
                    connector ->
                            connector.setEncodedSolidusHandling(
                                    EncodedSolidusHandling.PASS_THROUGH.getValue()));
        };
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
