-- The order of things. Record bytes are in the object store; what they are called, how they follow each other and
-- who may write them is here. docs/LOG_FORMAT.md describes every table.

-- One row: what the cluster as a whole agrees on. Every change of metadata locks it and raises the version, so
-- versions order the changes.
CREATE TABLE cluster (
    singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    cluster_id text    NOT NULL,
    version    bigint  NOT NULL,
    -- The brokers that leaders were last chosen from.
    alive      integer[] NOT NULL
);
-- 16 random bytes in URL-safe base64, as Kafka's cluster ids.
INSERT INTO cluster (cluster_id, version, alive)
VALUES (rtrim(translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/', '-_'), '='), 1, '{}');

CREATE TABLE brokers (
    broker_id   integer PRIMARY KEY,
    incarnation uuid        NOT NULL,
    host        text        NOT NULL,
    port        integer     NOT NULL,
    expires_at  timestamptz NOT NULL
);

CREATE TABLE topics (
    topic_id   uuid PRIMARY KEY,
    name       text        NOT NULL UNIQUE,
    internal   boolean     NOT NULL,
    created_at timestamptz NOT NULL,
    revision   integer     NOT NULL
);

CREATE TABLE topic_configs (
    topic_id uuid NOT NULL REFERENCES topics ON DELETE CASCADE,
    name     text NOT NULL,
    value    text NOT NULL,
    PRIMARY KEY (topic_id, name)
);

CREATE SEQUENCE log_ids;

CREATE TABLE partitions (
    topic_id  uuid    NOT NULL REFERENCES topics ON DELETE CASCADE,
    partition integer NOT NULL,
    log_id    bigint  NOT NULL UNIQUE,
    PRIMARY KEY (topic_id, partition)
);

-- The head of each partition's log: the row that every append locks. Narrow, never indexed beyond its key, with room
-- for updates in place.
CREATE TABLE logs (
    log_id        bigint PRIMARY KEY,
    start_offset  bigint  NOT NULL DEFAULT 0,
    next_offset   bigint  NOT NULL DEFAULT 0,
    max_timestamp bigint  NOT NULL DEFAULT -1,
    leader_id     integer NOT NULL DEFAULT -1,
    leader_epoch  integer NOT NULL DEFAULT -1
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000,
        autovacuum_analyze_scale_factor = 0.0, autovacuum_analyze_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

-- Objects that committed rows refer to, and how far each is committed. The outcome of an object's last commit is kept
-- so that asking again, after a connection was lost, gives the same answer.
CREATE TABLE objects (
    object_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    object_key    text     NOT NULL UNIQUE,
    created_at    timestamptz NOT NULL DEFAULT now(),
    committed_to  bigint   NOT NULL DEFAULT 0,
    last_statuses smallint[] NOT NULL DEFAULT '{}',
    last_offsets  bigint[] NOT NULL DEFAULT '{}',
    last_starts   bigint[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);

-- A run of batches of one log within one object.
CREATE TABLE pieces (
    log_id        bigint  NOT NULL,
    last_offset   bigint  NOT NULL,
    base_offset   bigint  NOT NULL,
    object_id     bigint  NOT NULL,
    position      bigint  NOT NULL,
    size_bytes    integer NOT NULL,
    max_timestamp bigint  NOT NULL,
    -- The largest timestamp of this and all earlier pieces of the log: rises with the offset, so that the first
    -- record at or after a time is found by one look into an index.
    running_max   bigint  NOT NULL,
    -- Whether the bytes at rest carry their offsets already.
    settled       boolean NOT NULL,
    PRIMARY KEY (log_id, last_offset)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.0, autovacuum_vacuum_insert_threshold = 200000,
        autovacuum_analyze_scale_factor = 0.0, autovacuum_analyze_threshold = 50000);
CREATE INDEX pieces_by_time ON pieces (log_id, running_max, last_offset);

-- What idempotent producers have written, newest batch last, five at most (as Apache Kafka keeps).
CREATE TABLE producer_states (
    log_id          bigint   NOT NULL,
    producer_id     bigint   NOT NULL,
    producer_epoch  smallint NOT NULL,
    base_sequences  integer[] NOT NULL,
    last_sequences  integer[] NOT NULL,
    base_offsets    bigint[]  NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (log_id, producer_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);

CREATE SEQUENCE producer_id_blocks MINVALUE 0 START 0;
