-- Rules: the definition as it was written, checked again when read, so that what it leaves open follows the settings.
ALTER TABLE rules ADD COLUMN definition text;
UPDATE rules SET definition = jsonb_build_object(
    'name', name, 'regions', to_jsonb(regions), 'threshold', threshold, 'recoveryThreshold', recovery_threshold,
    'severity', lower(severity), 'enabled', enabled)::text;
ALTER TABLE rules
    ALTER COLUMN definition SET NOT NULL,
    DROP COLUMN regions, DROP COLUMN threshold, DROP COLUMN recovery_threshold, DROP COLUMN severity;

-- Alerts: one row an episode, from pending on. A row that is INACTIVE was pending and lapsed.
ALTER TABLE alerts DROP CONSTRAINT alerts_state_check, DROP CONSTRAINT alerts_check;
ALTER TABLE alerts
    ALTER COLUMN threshold DROP NOT NULL,
    ALTER COLUMN recovery_threshold DROP NOT NULL,
    ADD COLUMN sensor            text,                  -- null: the region as a whole
    ADD COLUMN labels            text NOT NULL DEFAULT '{}',
    ADD COLUMN finding           text NOT NULL DEFAULT 'ABOVE',
    ADD COLUMN measure           text NOT NULL DEFAULT 'AVERAGE',
    ADD COLUMN bound             double precision NOT NULL DEFAULT 0,
    ADD COLUMN normal            double precision,
    ADD COLUMN within_ms         bigint,
    ADD COLUMN last_heard_at     timestamptz,
    ADD COLUMN recovering_since  timestamptz,
    ADD COLUMN window_start      timestamptz,           -- of the latest window that was evaluated
    ADD COLUMN window_end        timestamptz,
    ADD COLUMN first_told_at     timestamptz,           -- null: nobody was told that it fires
    ADD COLUMN last_told_at      timestamptz,
    ADD COLUMN repeats           integer NOT NULL DEFAULT 0,
    ADD COLUMN escalation        integer NOT NULL DEFAULT 1,
    ADD COLUMN reminder_due_at   timestamptz,
    ADD COLUMN acknowledged_at   timestamptz,
    ADD COLUMN acknowledged_by   text,
    ADD COLUMN acknowledgement   text,
    ADD CHECK (state IN ('INACTIVE', 'PENDING', 'FIRING', 'RECOVERING', 'NO_DATA', 'RESOLVED')),
    ADD CHECK ((state IN ('RESOLVED', 'INACTIVE')) = (ended_at IS NOT NULL));
UPDATE alerts SET bound = threshold, window_start = started_at, window_end = first_window_end,
                  first_told_at = raised_at, last_told_at = raised_at;
DROP INDEX alerts_firing;
CREATE INDEX alerts_open ON alerts (rule_id) WHERE state IN ('PENDING', 'FIRING', 'RECOVERING', 'NO_DATA');
CREATE INDEX alerts_reminders ON alerts (reminder_due_at) WHERE reminder_due_at IS NOT NULL;
-- Never two episodes at a time of one rule in one place.
CREATE UNIQUE INDEX alerts_one_open ON alerts (fingerprint)
    WHERE state IN ('PENDING', 'FIRING', 'RECOVERING', 'NO_DATA');

ALTER TABLE rule_progress DROP CONSTRAINT rule_progress_pkey;
ALTER TABLE rule_progress
    ADD COLUMN sensor      text NOT NULL DEFAULT '',    -- empty: the region as a whole
    ADD COLUMN recent      text NOT NULL DEFAULT '[]',  -- figures that later windows are compared with
    ADD COLUMN heard_at    timestamptz,                 -- by the clock
    ADD COLUMN look_due_at timestamptz,                 -- when the clock may find silence
    ADD PRIMARY KEY (rule_id, region, sensor);
CREATE INDEX rule_progress_looks ON rule_progress (look_due_at) WHERE look_due_at IS NOT NULL;
CREATE INDEX rule_progress_of_region ON rule_progress (region);

-- The history of alerts, and the queue of what is to be told: telling says where a row stands in it.
ALTER TABLE alert_transitions
    DROP CONSTRAINT alert_transitions_alert_id_transition_key,
    DROP CONSTRAINT alert_transitions_transition_check;
ALTER TABLE alert_transitions
    ADD COLUMN rule_id          uuid,
    ADD COLUMN from_state       text,
    ADD COLUMN to_state         text,
    ADD COLUMN actor            text,
    ADD COLUMN note             text,
    ADD COLUMN number           integer NOT NULL DEFAULT 0, -- which repetition, or which level was called in
    ADD COLUMN finding          text NOT NULL DEFAULT 'ABOVE',
    ADD COLUMN measure          text NOT NULL DEFAULT 'AVERAGE',
    ADD COLUMN bound            double precision NOT NULL DEFAULT 0,
    ADD COLUMN normal           double precision,
    ADD COLUMN within_ms        bigint,
    ADD COLUMN last_heard_at    timestamptz,
    ADD COLUMN telling          text NOT NULL DEFAULT 'TOLD'
        CHECK (telling IN ('NONE', 'WAITING', 'HELD', 'TOLD', 'DROPPED')),
    ADD COLUMN telling_reason   text,
    ADD COLUMN tell_due_at      timestamptz,
    ADD COLUMN announcement_key text,
    ADD CHECK ((telling IN ('WAITING', 'HELD')) = (tell_due_at IS NOT NULL));
UPDATE alert_transitions t SET rule_id = a.rule_id, announcement_key = a.episode_id,
    from_state = CASE t.transition WHEN 'FIRING' THEN 'INACTIVE' ELSE 'FIRING' END, to_state = t.transition,
    bound = CASE t.transition WHEN 'FIRING' THEN a.threshold ELSE a.recovery_threshold END
    FROM alerts a WHERE a.id = t.alert_id;
ALTER TABLE alert_transitions
    ALTER COLUMN rule_id SET NOT NULL, ALTER COLUMN from_state SET NOT NULL, ALTER COLUMN to_state SET NOT NULL;
CREATE INDEX alert_transitions_of_alert ON alert_transitions (alert_id, id);
CREATE INDEX alert_transitions_to_tell ON alert_transitions (tell_due_at) WHERE tell_due_at IS NOT NULL;
CREATE INDEX alert_transitions_told ON alert_transitions (announcement_key) WHERE announcement_key IS NOT NULL;

CREATE TABLE silences (
    id         uuid PRIMARY KEY,
    matchers   text NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    author     text NOT NULL,
    comment    text NOT NULL,
    created_at timestamptz NOT NULL,
    expired_by text,                                    -- who ended it early
    CHECK (starts_at <= ends_at)
);
CREATE INDEX silences_by_end ON silences (ends_at DESC, id);

-- What is usual in a region, by month and hour (UTC).
CREATE TABLE region_normals (
    region     text NOT NULL,
    month      smallint NOT NULL CHECK (month BETWEEN 1 AND 12),
    hour       smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    celsius    double precision NOT NULL,
    windows    bigint NOT NULL,                         -- how many it was computed from; 0: supplied
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (region, month, hour)
);
