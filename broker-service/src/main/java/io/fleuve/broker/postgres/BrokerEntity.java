package io.fleuve.broker.postgres;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/**
 * A broker that has entered the cluster. Written by SQL functions, which use the database's clock;
 * only read here.
 */
@Entity
@Immutable
@Table(name = "brokers")
class BrokerEntity {

    @Id
    @Column(name = "broker_id")
    private Integer id;

    private UUID incarnation;

    private String host;

    private int port;

    @Column(name = "expires_at")
    private Instant expiresAt;

    protected BrokerEntity() {}

    int id() {
        return id;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }
}
