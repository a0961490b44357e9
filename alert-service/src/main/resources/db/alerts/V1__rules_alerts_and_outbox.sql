-- Rules: what users ask to be alerted about.
CREATE TABLE rules (
    id                 uuid PRIMARY KEY,
    name               text NOT NULL UNIQUE,
    regions            text[] NOT NULL,                 -- empty: all regions
    threshold          double precision NOT NULL,       -- degrees Celsius
    recovery_threshold double precision NOT NULL,
    severity           text NOT NULL CHECK (severity IN ('INFO', 'WARNING', 'CRITICAL')),
    enabled            boolean NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            bigint NOT NULL,
    CHECK (recovery_threshold <= threshold)
);

-- Alerts: one row an episode. Rules may go, their alerts stay, so the rule's name is kept here.
CREATE TABLE alerts (
    id                 uuid PRIMARY KEY,
    episode_id         text NOT NULL UNIQUE,
    fingerprint        text NOT NULL,
    rule_id            uuid NOT NULL,
    rule_name          text NOT NULL,
    region             text NOT NULL,
    severity           text NOT NULL,
    threshold          double precision NOT NULL,
    recovery_threshold double precision NOT NULL,
    state              text NOT NULL CHECK (state IN ('FIRING', 'RESOLVED')),
    value              double precision NOT NULL,
    peak               double precision NOT NULL,
    started_at         timestamptz NOT NULL,            -- event time, as all but raised_at and updated_at
    first_window_end   timestamptz NOT NULL,
    ended_at           timestamptz,
    end_reason         text,
    raised_at          timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            bigint NOT NULL,
    CHECK ((state = 'RESOLVED') = (ended_at IS NOT NULL))
);
CREATE INDEX alerts_newest ON alerts (started_at DESC, id);
CREATE INDEX alerts_of_region ON alerts (region, started_at DESC, id);
CREATE INDEX alerts_firing ON alerts (rule_id) WHERE state = 'FIRING';

-- How far each rule has been evaluated in each region, and the episode that its state belongs to.
CREATE TABLE rule_progress (
    rule_id           uuid NOT NULL,
    region            text NOT NULL,
    evaluated_through timestamptz NOT NULL,
    alert_id          uuid REFERENCES alerts (id),      -- none: never breached
    version           bigint NOT NULL,
    PRIMARY KEY (rule_id, region)
);

CREATE TABLE alert_transitions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id     uuid NOT NULL REFERENCES alerts (id),
    transition   text NOT NULL CHECK (transition IN ('FIRING', 'RESOLVED')),
    reason       text NOT NULL,
    value        double precision NOT NULL,
    window_start timestamptz NOT NULL,
    window_end   timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    UNIQUE (alert_id, transition)
);

-- The outbox: one row a message and recipient. The unique key is what makes telling anyone twice impossible.
CREATE TABLE notifications (
    id               uuid PRIMARY KEY,
    alert_id         uuid NOT NULL REFERENCES alerts (id),
    episode_id       text NOT NULL,
    transition       text NOT NULL,
    repeat_number    integer NOT NULL,
    channel          text NOT NULL,
    recipient        text NOT NULL,
    subject          text NOT NULL,
    body             text NOT NULL,
    state            text NOT NULL CHECK (state IN ('PENDING', 'SENDING', 'SENT', 'DELIVERED', 'RETRY', 'UNKNOWN',
                                                    'DEAD', 'SUPPRESSED', 'EXPIRED')),
    due_at           timestamptz,                       -- next attempt, or the end of the lease while SENDING
    reason           text,
    provider_id      text,
    attempts         integer NOT NULL,
    claim            integer NOT NULL,
    first_attempt_at timestamptz,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    UNIQUE (episode_id, transition, repeat_number, recipient, channel),
    CHECK ((state IN ('PENDING', 'SENDING', 'RETRY', 'UNKNOWN')) = (due_at IS NOT NULL))
);
CREATE INDEX notifications_due ON notifications (due_at)
    WHERE state IN ('PENDING', 'SENDING', 'RETRY', 'UNKNOWN');
CREATE INDEX notifications_newest ON notifications (created_at DESC, id);
CREATE INDEX notifications_of_alert ON notifications (alert_id);

INSERT INTO rules (id, name, regions, threshold, recovery_threshold, severity, enabled, created_at, updated_at, version)
VALUES ('00000000-0000-7000-8000-000000000001', 'average above 30 °C', '{}', 30, 29, 'WARNING', true, now(), now(), 0);
