package io.fleuve.broker.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the adapters to PostgreSQL. */
@Configuration(proxyBeanMethods = false)
class PostgresConfiguration {

    @Bean
    PostgresSequencer sequencer(HikariDataSource dataSource, MembershipSettings settings) {
        HikariConfig own = new HikariConfig();
        dataSource.copyStateTo(own);
        own.setPoolName(dataSource.getPoolName() + "-commits");
        own.setMinimumIdle(1);
        own.setMaximumPoolSize(1);
        return new PostgresSequencer(dataSource, new HikariDataSource(own), settings.brokerId());
    }

    @Bean
    PostgresPieceCatalog pieceCatalog(JdbcClient jdbc) {
        return new PostgresPieceCatalog(jdbc);
    }

    @Bean
    PostgresTransactions transactions(JdbcClient jdbc, JdbcTemplate template) {
        return new PostgresTransactions(jdbc, template);
    }

    @Bean
    PostgresInspection inspection(JdbcClient jdbc) {
        return new PostgresInspection(jdbc);
    }

    @Bean
    PostgresClusterMetadata clusterMetadata(
            MembershipSettings settings,
            TopicRepository topics,
            ClusterRepository cluster,
            PlatformTransactionManager transactions,
            Clock clock) {
        TransactionTemplate snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        return new PostgresClusterMetadata(
                settings.brokerId(),
                topics,
                cluster,
                new TransactionTemplate(transactions),
                snapshot,
                clock);
    }

    @Bean
    BrokerIds brokerIds(ClusterRepository cluster) {
        return new BrokerIds(cluster);
    }

    /** Started and closed by the broker's life cycle. */
    @Bean(destroyMethod = "")
    Membership membership(
            PostgresClusterMetadata metadata,
            ClusterRepository cluster,
            MembershipSettings settings) {
        return new Membership(metadata, cluster, settings);
    }
}
