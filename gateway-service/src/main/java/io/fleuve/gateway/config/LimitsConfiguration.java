package io.fleuve.gateway.config;

import io.fleuve.gateway.errors.ErrorCounter;
import io.fleuve.gateway.limits.CorsFilters;
import io.fleuve.gateway.limits.RateLimitFilter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.CorsFilter;
import tools.jackson.databind.json.JsonMapper;

/** What stands before every API. Both are off unless they are set. */
@Configuration(proxyBeanMethods = false)
class LimitsConfiguration {

    // First, so that a page may read a refusal as well, and a browser's question is not counted.
    private static final int CORS_ORDER = Ordered.HIGHEST_PRECEDENCE + 10;
    private static final int RATE_LIMIT_ORDER = Ordered.HIGHEST_PRECEDENCE + 20;

    @Bean
    FilterRegistrationBean<CorsFilter> gatewayCors(
            GatewayProperties properties, JsonMapper mapper) {
        FilterRegistrationBean<CorsFilter> registration =
                new FilterRegistrationBean<>(CorsFilters.of(properties.cors(), mapper));
        registration.setEnabled(properties.cors().enabled());
        registration.setOrder(CORS_ORDER);
        return registration;
    }

    @Bean
    FilterRegistrationBean<RateLimitFilter> gatewayRateLimit(
            GatewayProperties properties,
            JsonMapper mapper,
            ErrorCounter errors,
            MeterRegistry registry) {
        FilterRegistrationBean<RateLimitFilter> registration =
                new FilterRegistrationBean<>(
                        new RateLimitFilter(
                                properties.rateLimit(),
                                System::nanoTime,
                                mapper,
                                errors,
                                registry));
        registration.setEnabled(properties.rateLimit().enabled());
        registration.setOrder(RATE_LIMIT_ORDER);
        return registration;
    }
}
