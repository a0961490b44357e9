-- What keeps the log in shape: small pieces are merged, what retention and compaction drop is removed, objects that
-- nobody refers to are deleted. docs/LOG_FORMAT.md describes every column.

ALTER TABLE logs ADD COLUMN appended_bytes bigint NOT NULL DEFAULT 0;
UPDATE logs SET appended_bytes = p.bytes
    FROM (SELECT log_id, sum(size_bytes) AS bytes FROM pieces GROUP BY log_id) AS p WHERE p.log_id = logs.log_id;

-- Objects are entered before they are written; until when they may be committed is fixed then. The counters change in
-- the transactions that change the pieces.
ALTER TABLE objects
    ADD COLUMN intake        boolean     NOT NULL DEFAULT true,
    ADD COLUMN open_until    timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN live_pieces   integer     NOT NULL DEFAULT 0,
    ADD COLUMN live_bytes    bigint      NOT NULL DEFAULT 0,
    ADD COLUMN merged        boolean     NOT NULL DEFAULT false,
    ADD COLUMN claimed_until timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN dead_at       timestamptz;
ALTER TABLE objects ALTER COLUMN open_until DROP DEFAULT;
UPDATE objects SET live_pieces = p.pieces, live_bytes = p.bytes
    FROM (SELECT object_id, count(*) AS pieces, sum(size_bytes) AS bytes FROM pieces GROUP BY object_id) AS p
    WHERE p.object_id = objects.object_id;
CREATE INDEX pieces_by_object ON pieces (object_id);

-- One row a log, from its creation until its last piece is gone. Its lock orders all changes of pieces but the
-- appending of new ones, so that these changes never make a producer wait.
CREATE TABLE upkeep (
    log_id        bigint PRIMARY KEY,
    removed_bytes bigint      NOT NULL DEFAULT 0,
    trimmed_to    bigint      NOT NULL DEFAULT 0,
    cleaned_to    bigint      NOT NULL DEFAULT 0,
    dropped       boolean     NOT NULL DEFAULT false,
    claimed_until timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 50);
INSERT INTO upkeep (log_id) SELECT log_id FROM logs;

-- Work that one broker does for all, now and then.
CREATE TABLE chores (
    name       text PRIMARY KEY,
    started_at timestamptz NOT NULL,
    held_until timestamptz NOT NULL
);
