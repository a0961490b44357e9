-- Transactions: who has one open, where, and which ones were aborted. docs/LOG_FORMAT.md describes every column,
-- docs/adr/0006-a-transaction-ends-in-one-commit.md says why.

CREATE TABLE transactions (
    transactional_id text     PRIMARY KEY,
    producer_id      bigint   NOT NULL UNIQUE,
    producer_epoch   smallint NOT NULL,
    -- What the producer had before, for those who ask again because the answer was lost.
    last_producer_id bigint   NOT NULL DEFAULT -1,
    last_epoch       smallint NOT NULL DEFAULT -1,
    timeout_ms       integer  NOT NULL,
    -- 0 empty, 1 ongoing, 2 committed, 3 aborted
    state            smallint NOT NULL DEFAULT 0,
    -- The logs of the open transaction.
    logs             bigint[] NOT NULL DEFAULT '{}',
    -- Of the open transaction, or the last one.
    started_at       timestamptz,
    updated_at       timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);

-- Transactions that have ended and whose offsets the owner of the group's shard has still to take over.
CREATE TABLE group_endings (
    log_id         bigint   NOT NULL,
    producer_id    bigint   NOT NULL,
    producer_epoch smallint NOT NULL,
    committed      boolean  NOT NULL,
    PRIMARY KEY (log_id, producer_id)
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000);

CREATE TABLE aborted_transactions (
    log_id        bigint NOT NULL,
    -- Where its marker is.
    last_offset   bigint NOT NULL,
    first_offset  bigint NOT NULL,
    producer_id   bigint NOT NULL,
    -- The last stable offset after it: rises with last_offset.
    stable_offset bigint NOT NULL,
    PRIMARY KEY (log_id, last_offset)
);
CREATE INDEX aborted_transactions_by_stable_offset ON aborted_transactions (log_id, stable_offset, last_offset);

ALTER TABLE logs
    ADD COLUMN first_open   bigint NOT NULL DEFAULT -1,
    ADD COLUMN last_aborted bigint NOT NULL DEFAULT -1;
ALTER TABLE producer_states
    ADD COLUMN open_from bigint,
    ADD COLUMN ended boolean NOT NULL DEFAULT false;
CREATE INDEX producer_states_open ON producer_states (log_id, open_from) WHERE open_from IS NOT NULL;
ALTER TABLE objects
    ADD COLUMN last_opens   bigint[] NOT NULL DEFAULT '{}',
    ADD COLUMN last_aborted bigint[] NOT NULL DEFAULT '{}';
-- Their signatures change.
DROP FUNCTION IF EXISTS commit_intake(integer, text, bigint, bigint, bigint[], bigint[], integer[], integer[], bigint[], bigint[],
                            bigint[], smallint[], integer[], integer[]);
DROP FUNCTION IF EXISTS keep_producer_state(bigint, bigint, smallint, integer[], integer[], bigint[]);
