package io.fleuve.gateway.config;

import io.fleuve.gateway.consumers.ConsumerInstances;
import io.fleuve.gateway.consumers.HopRequest;
import io.fleuve.gateway.consumers.InstanceRouter;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.DedicatedClients;
import io.fleuve.gateway.kafka.KafkaClients;
import io.fleuve.gateway.v2.InstanceCalls;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Consumer instances: those run here, and the way to those run by other gateways. */
@Configuration(proxyBeanMethods = false)
class ConsumersConfiguration {

    @Bean
    DedicatedClients dedicatedClients(KafkaClients clients) {
        return new DedicatedClients(clients);
    }

    @Bean
    ConsumerInstances consumerInstances(
            ClusterAdmin admin,
            DedicatedClients clients,
            GatewayProperties properties,
            Clock clock,
            Environment environment,
            MeterRegistry registry) {
        URI configured = properties.consumers().internalUrl();
        return new ConsumerInstances(
                admin,
                clients,
                properties.consumers(),
                clock,
                () -> configured == null ? ownAddress(environment) : configured,
                registry);
    }

    @Bean
    InstanceRouter instanceRouter(ConsumerInstances instances, MeterRegistry registry) {
        return new InstanceRouter(instances, registry);
    }

    @Bean
    InstanceCalls instanceCalls(
            InstanceRouter router, GatewayProperties properties, MeterRegistry registry) {
        URI advertised = properties.advertisedUrl();
        return new InstanceCalls(
                router,
                properties.consumers(),
                advertised == null ? null : advertised.toString(),
                registry);
    }

    /** Tells another gateway, which has sent a request on, whom it has reached. */
    @Bean
    FilterRegistrationBean<Filter> forwardedConsumerRequests(ConsumerInstances instances) {
        FilterRegistrationBean<Filter> registration =
                new FilterRegistrationBean<>(
                        (request, response, chain) -> {
                            if (request instanceof HttpServletRequest http
                                    && response instanceof HttpServletResponse answer
                                    && http.getHeader(HopRequest.HEADER) != null) {
                                answer.setHeader(HopRequest.GATEWAY_HEADER, instances.gatewayId());
                            }
                            chain.doFilter(request, response);
                        });
        registration.addUrlPatterns("/consumers/*");
        return registration;
    }

    private static URI ownAddress(Environment environment) {
        int port = environment.getRequiredProperty("local.server.port", Integer.class);
        try {
            InetAddress address =
                    InetAddress.getByName(environment.getProperty("server.address", "0.0.0.0"));
            String host =
                    (address.isAnyLocalAddress() ? InetAddress.getLocalHost() : address)
                            .getHostAddress();
            return URI.create(
                    "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "this gateway does not know its own address; set fleuve.gateway.consumers.internal-url",
                    e);
        }
    }
}
