package io.fleuve.broker.postgres;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Fetch;
import org.hibernate.annotations.FetchMode;

/** A topic and what was configured for it. */
@Entity
@Table(name = "topics")
class TopicEntity {

    @Id
    @Column(name = "topic_id")
    private UUID id;

    private String name;

    private boolean internal;

    @Column(name = "created_at")
    private Instant createdAt;

    /** Makes a new entity known as such, so that saving it asks the database no question. */
    @Version
    @Column(name = "revision")
    private Integer revision;

    @ElementCollection(fetch = FetchType.EAGER)
    @Fetch(FetchMode.SUBSELECT)
    @CollectionTable(name = "topic_configs", joinColumns = @JoinColumn(name = "topic_id"))
    @MapKeyColumn(name = "name")
    @Column(name = "value")
    private Map<String, String> configs = new HashMap<>();

    protected TopicEntity() {}

    TopicEntity(
            UUID id,
            String name,
            boolean internal,
            Instant createdAt,
            Map<String, String> configs) {
        this.id = id;
        this.name = name;
        this.internal = internal;
        this.createdAt = createdAt;
        this.configs.putAll(configs);
    }

    UUID id() {
        return id;
    }

    String name() {
        return name;
    }

    boolean internal() {
        return internal;
    }

    Map<String, String> configs() {
        return configs;
    }
}
