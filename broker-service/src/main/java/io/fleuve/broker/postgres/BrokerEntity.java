package io.fleuve.broker.postgres;

import io.fleuve.broker.metadata.BrokerImage;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

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

    @Column(name = "external_host")
    private @Nullable String externalHost;

    @Column(name = "external_port")
    private @Nullable Integer externalPort;

    @Column(name = "expires_at")
    private Instant expiresAt;

    protected BrokerEntity() {}

    int id() {
        return id;
    }

    BrokerImage toImage() {
        return new BrokerImage(
                id,
                new BrokerImage.Address(host, port),
                externalHost == null || externalPort == null
                        ? null
                        : new BrokerImage.Address(externalHost, externalPort));
    }
}
