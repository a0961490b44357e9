package io.fleuve.gateway.config;

import io.fleuve.gateway.console.ConsoleProperties;
import io.fleuve.gateway.consumers.ConsumerLimits;
import io.fleuve.gateway.events.EventLimits;
import io.fleuve.gateway.idempotency.IdempotencySettings;
import io.fleuve.gateway.kafka.AdminLimits;
import io.fleuve.gateway.kafka.KafkaSettings;
import io.fleuve.gateway.kafka.ProduceLimits;
import io.fleuve.gateway.kafka.ReadLimits;
import io.fleuve.gateway.kafka.TransactionLimits;
import io.fleuve.gateway.limits.CorsSettings;
import io.fleuve.gateway.limits.RateLimits;
import io.fleuve.gateway.tracing.TracingSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything of the gateway that can be set, below {@code fleuve.gateway}.
 *
 * @param bootstrapServers {@code host:port,host:port} of any Kafka-protocol brokers
 * @param adminTimeout how long a question about metadata may take
 * @param metadataTtl how long a topic that was seen is believed to exist
 * @param clientProperties further properties of every Kafka client, such as {@code
 *     security.protocol}
 * @param advertisedUrl what links in answers begin with, when not with what the client called
 * @param produce bounds of producing
 * @param read bounds of stateless reads
 * @param admin bounds of administration
 * @param events bounds of server-sent events
 * @param rateLimit how many requests a client may send
 * @param cors which web pages of other origins may call
 * @param consumers settings of consumer instances
 * @param transactions bounds of what is written atomically
 * @param idempotency how repeated requests are recognised
 * @param console the web console
 * @param tracing whether requests are traced
 */
@ConfigurationProperties("fleuve.gateway")
public record GatewayProperties(
        @DefaultValue("127.0.0.1:9092") String bootstrapServers,
        @DefaultValue("10s") Duration adminTimeout,
        @DefaultValue("30s") Duration metadataTtl,
        @DefaultValue Map<String, String> clientProperties,
        @Nullable URI advertisedUrl,
        @DefaultValue ProduceLimits produce,
        @DefaultValue ReadLimits read,
        @DefaultValue AdminLimits admin,
        @DefaultValue EventLimits events,
        @DefaultValue RateLimits rateLimit,
        @DefaultValue CorsSettings cors,
        @DefaultValue ConsumerLimits consumers,
        @DefaultValue TransactionLimits transactions,
        @DefaultValue IdempotencySettings idempotency,
        @DefaultValue ConsoleProperties console,
        @DefaultValue TracingSettings tracing) {

    public GatewayProperties {
        if (idempotency.takeOverAfter().compareTo(transactions.timeout()) <= 0) {
            throw new IllegalArgumentException(
                    "fleuve.gateway.idempotency.take-over-after must be longer than"
                            + " fleuve.gateway.transactions.timeout ("
                            + transactions.timeout()
                            + "), but is "
                            + idempotency.takeOverAfter());
        }
        if (advertisedUrl != null
                && (!advertisedUrl.isAbsolute() || advertisedUrl.toString().endsWith("/"))) {
            throw new IllegalArgumentException(
                    "fleuve.gateway.advertised-url must be absolute and without a slash at the end,"
                            + " but is "
                            + advertisedUrl);
        }
    }

    KafkaSettings kafka() {
        return new KafkaSettings(bootstrapServers, adminTimeout, metadataTtl, clientProperties);
    }
}
