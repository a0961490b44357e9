package io.fleuve.alerts.store;

import io.fleuve.alerts.silences.Silence;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code silences}. */
@Entity
@Table(name = "silences")
public class SilenceEntity {

    @Id private UUID id;

    @Column(columnDefinition = "text")
    private String matchers;

    private Instant startsAt;
    private Instant endsAt;

    @Column(columnDefinition = "text")
    private String author;

    @Column(columnDefinition = "text")
    private String comment;

    private Instant createdAt;

    @Column(columnDefinition = "text")
    private @Nullable String expiredBy;

    /** For JPA. */
    protected SilenceEntity() {}

    SilenceEntity(Silence silence, Instant now) {
        id = silence.id();
        matchers = Json.write(silence.matchers());
        startsAt = silence.from();
        endsAt = silence.until();
        author = silence.author();
        comment = silence.comment();
        createdAt = now;
    }

    /** Ends it early; one that has not begun never will. */
    void expire(String who, Instant now) {
        endsAt = now;
        if (startsAt.isAfter(now)) {
            startsAt = now;
        }
        expiredBy = who;
    }

    /** The silence as a value. */
    public Silence toSilence() {
        return new Silence(id, Json.matchers(matchers), startsAt, endsAt, author, comment);
    }

    public Instant createdAt() {
        return createdAt;
    }

    public @Nullable String expiredBy() {
        return expiredBy;
    }
}
