package io.fleuve.gateway.config;

import io.fleuve.gateway.format.JsonBody;
import io.fleuve.gateway.kafka.AclAdmin;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.kafka.ConfigAdmin;
import io.fleuve.gateway.kafka.GroupAdmin;
import io.fleuve.gateway.kafka.PartitionAdmin;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What changes the cluster: configurations, partitions, groups, access control. */
@Configuration(proxyBeanMethods = false)
class AdminConfiguration {

    @Bean
    ConfigAdmin configAdmin(ClusterAdmin cluster) {
        return new ConfigAdmin(cluster);
    }

    @Bean
    PartitionAdmin partitionAdmin(ClusterAdmin cluster) {
        return new PartitionAdmin(cluster);
    }

    @Bean
    GroupAdmin groupAdmin(ClusterAdmin cluster) {
        return new GroupAdmin(cluster);
    }

    @Bean
    AclAdmin aclAdmin(ClusterAdmin cluster) {
        return new AclAdmin(cluster);
    }

    @Bean
    JsonBody jsonBody(GatewayProperties properties) {
        return new JsonBody(properties.admin().maxRequestSize().toBytes());
    }
}
