package io.fleuve.gateway.config;

import io.fleuve.gateway.console.AlertsClient;
import io.fleuve.gateway.console.ConsolePage;
import io.fleuve.gateway.console.ConsoleProperties;
import io.fleuve.gateway.console.Telemetry;
import io.fleuve.gateway.kafka.ClusterMeters;
import io.fleuve.gateway.kafka.ClusterSurvey;
import io.fleuve.gateway.kafka.KafkaClients;
import io.fleuve.gateway.kafka.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** The console: its page, its assets, and what watches the cluster for it. */
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration {

    private static final Duration FOR_GOOD = Duration.ofDays(365);

    @Bean
    ConsoleProperties consoleProperties(GatewayProperties properties) {
        return properties.console();
    }

    @Bean
    ConsolePage consolePage() {
        return ConsolePage.load();
    }

    @Bean
    ClusterSurvey clusterSurvey(
            KafkaClients clients, KafkaSettings settings, ConsoleProperties properties) {
        return new ClusterSurvey(
                clients, settings, properties.maxPartitions(), properties.maxGroups());
    }

    @Bean
    Telemetry telemetry(
            ClusterSurvey survey,
            ConsoleProperties properties,
            Clock clock,
            MeterRegistry registry) {
        return new Telemetry(survey::survey, () -> produced(registry), properties, clock);
    }

    @Bean
    ClusterMeters clusterMeters(
            ClusterSurvey survey, ConsoleProperties properties, MeterRegistry registry) {
        return new ClusterMeters(survey::survey, properties.metersInterval(), registry);
    }

    private static Telemetry.Produced produced(MeterRegistry registry) {
        long count = 0;
        double totalMillis = 0;
        for (Timer timer : registry.find("fleuve.gateway.produce.latency").timers()) {
            count += timer.count();
            totalMillis += timer.totalTime(TimeUnit.MILLISECONDS);
        }
        return new Telemetry.Produced(count, totalMillis);
    }

    @Bean
    AlertsClient alertsClient(ConsoleProperties properties, JsonMapper mapper, Clock clock) {
        return new AlertsClient(properties, mapper, clock);
    }

    @Bean
    WebMvcConfigurer consoleAssets(ConsolePage page) {
        return new WebMvcConfigurer() {
            @Override
            public void addResourceHandlers(ResourceHandlerRegistry registry) {
                CacheControl forGood = CacheControl.maxAge(FOR_GOOD).cachePublic().immutable();
                registry.addResourceHandler(page.assetsPath() + "uplot/**")
                        .addResourceLocations(page.chartsLocation())
                        .setCacheControl(forGood);
                registry.addResourceHandler(page.assetsPath() + "**")
                        .addResourceLocations(page.assetsLocation())
                        .setCacheControl(forGood);
            }
        };
    }
}
