-- Changes of pieces that are there already. Locks are taken in this order: rows of upkeep by log, rows of objects by
-- number, rows of logs; commits take none of the first, and hold the second for no longer than a commit.

-- Enters an object before it is written.
CREATE OR REPLACE FUNCTION enlist_object(p_key text, p_intake boolean, p_open_ms bigint) RETURNS bigint
LANGUAGE sql AS $$
    INSERT INTO objects (object_key, intake, open_until)
    VALUES (p_key, p_intake, clock_timestamp() + p_open_ms * interval '1 millisecond') RETURNING object_id;
$$;

-- Takes an object whose pieces are to be rewritten: a closed intake object for its small pieces, an object of which
-- less than half is alive for all of them.
CREATE OR REPLACE FUNCTION claim_object(p_lease_ms bigint)
RETURNS TABLE (object_id bigint, object_key text, small_only boolean) LANGUAGE sql AS $$
    UPDATE objects AS o SET claimed_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
        WHERE o.object_id = (
            SELECT c.object_id FROM objects AS c
            WHERE c.open_until < clock_timestamp() AND c.claimed_until < clock_timestamp() AND c.live_pieces > 0
                AND ((c.intake AND NOT c.merged) OR c.live_bytes * 2 < c.committed_to)
            ORDER BY c.object_id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING o.object_id, o.object_key, o.live_bytes * 2 >= o.committed_to;
$$;

-- Puts new pieces in the place of old ones, log by log: where an old piece is not what it was, that log is left alone.
-- Returns the logs that were changed. All new pieces are in one object, which must be open; it is sealed by this.
CREATE OR REPLACE FUNCTION swap_pieces(
    p_target bigint, p_target_size bigint,
    o_logs bigint[], o_lasts bigint[], o_objects bigint[],
    n_logs bigint[], n_lasts bigint[], n_bases bigint[], n_positions bigint[], n_sizes integer[],
    n_maxes bigint[], n_runnings bigint[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    v_logs bigint[];
BEGIN
    PERFORM 1 FROM upkeep WHERE log_id = ANY (o_logs) ORDER BY log_id FOR UPDATE;
    PERFORM 1 FROM objects WHERE object_id = ANY (o_objects || p_target) ORDER BY object_id FOR UPDATE;
    PERFORM 1 FROM objects WHERE object_id = p_target AND open_until > clock_timestamp() AND dead_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'object % took too long to be written', p_target USING ERRCODE = '40001';
    END IF;
    SELECT coalesce(array_agg(whole.log_id), '{}') INTO v_logs FROM (
        SELECT o.log_id FROM unnest(o_logs, o_lasts, o_objects) AS o (log_id, last_offset, object_id)
            JOIN upkeep AS u ON u.log_id = o.log_id AND NOT u.dropped
            LEFT JOIN pieces AS p ON p.log_id = o.log_id AND p.last_offset = o.last_offset AND p.object_id = o.object_id
        GROUP BY o.log_id HAVING count(*) = count(p.log_id)) AS whole;

    WITH gone AS (
        DELETE FROM pieces AS p USING unnest(o_logs, o_lasts) AS o (log_id, last_offset)
            WHERE p.log_id = o.log_id AND p.last_offset = o.last_offset AND p.log_id = ANY (v_logs)
            RETURNING p.log_id, p.object_id, p.size_bytes),
    per_object AS (SELECT object_id, count(*) AS n, sum(size_bytes) AS bytes FROM gone GROUP BY object_id),
    per_log AS (SELECT log_id, sum(size_bytes) AS bytes FROM gone GROUP BY log_id),
    from_objects AS (
        UPDATE objects SET live_pieces = live_pieces - n, live_bytes = live_bytes - bytes
            FROM per_object WHERE objects.object_id = per_object.object_id)
    UPDATE upkeep SET removed_bytes = removed_bytes + bytes FROM per_log WHERE upkeep.log_id = per_log.log_id;

    WITH new AS (
        INSERT INTO pieces (log_id, last_offset, base_offset, object_id, position, size_bytes, max_timestamp,
                            running_max, settled)
        SELECT n.log_id, n.last_offset, n.base_offset, p_target, n.position, n.size_bytes, n.max_timestamp,
               n.running_max, true
            FROM unnest(n_logs, n_lasts, n_bases, n_positions, n_sizes, n_maxes, n_runnings)
                AS n (log_id, last_offset, base_offset, position, size_bytes, max_timestamp, running_max)
            WHERE n.log_id = ANY (v_logs)
        RETURNING log_id, size_bytes),
    per_log AS (SELECT log_id, sum(size_bytes) AS bytes FROM new GROUP BY log_id),
    from_logs AS (
        UPDATE upkeep SET removed_bytes = removed_bytes - bytes FROM per_log WHERE upkeep.log_id = per_log.log_id)
    UPDATE objects SET live_pieces = live_pieces + (SELECT count(*) FROM new),
            live_bytes = live_bytes + (SELECT coalesce(sum(size_bytes), 0) FROM new),
            committed_to = p_target_size, open_until = clock_timestamp(), merged = true
        WHERE object_id = p_target;
    RETURN v_logs;
END;
$$;

-- Removes up to so many pieces of a log that lie before its start, all of them if the log is dropped. Returns whether
-- there is more to be removed.
CREATE OR REPLACE FUNCTION trim_log(p_log bigint, p_limit integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_upkeep record;
    v_start  bigint;
    v_lasts  bigint[];
    v_objects bigint[];
BEGIN
    SELECT * INTO v_upkeep FROM upkeep WHERE log_id = p_log FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF v_upkeep.dropped THEN
        v_start := 9223372036854775807;
    ELSE
        SELECT start_offset INTO v_start FROM logs WHERE log_id = p_log;
    END IF;
    SELECT array_agg(last_offset), array_agg(DISTINCT object_id) INTO v_lasts, v_objects FROM (
        SELECT last_offset, object_id FROM pieces WHERE log_id = p_log AND last_offset < v_start
            ORDER BY last_offset LIMIT p_limit) AS p;
    IF v_lasts IS NOT NULL THEN
        PERFORM 1 FROM objects WHERE object_id = ANY (v_objects) ORDER BY object_id FOR UPDATE;
        WITH gone AS (
            DELETE FROM pieces WHERE log_id = p_log AND last_offset = ANY (v_lasts) RETURNING object_id, size_bytes),
        per_object AS (SELECT object_id, count(*) AS n, sum(size_bytes) AS bytes FROM gone GROUP BY object_id),
        from_objects AS (
            UPDATE objects SET live_pieces = live_pieces - n, live_bytes = live_bytes - bytes
                FROM per_object WHERE objects.object_id = per_object.object_id)
        UPDATE upkeep SET removed_bytes = removed_bytes + (SELECT sum(size_bytes) FROM gone) WHERE log_id = p_log;
    END IF;
    IF cardinality(v_lasts) = p_limit THEN
        RETURN true;
    END IF;
    IF v_upkeep.dropped THEN
        DELETE FROM upkeep WHERE log_id = p_log;
    ELSE
        UPDATE upkeep SET trimmed_to = greatest(trimmed_to, v_start) WHERE log_id = p_log;
        DELETE FROM aborted_transactions WHERE log_id = p_log AND last_offset < v_start;
    END IF;
    RETURN false;
END;
$$;

-- Raises the start of a log past its oldest pieces: those whose records are all older than a time, and those without
-- which the log still has so many bytes. Looks at so many pieces at most. Returns whether the start was raised.
CREATE OR REPLACE FUNCTION apply_retention(p_log bigint, p_oldest_ms bigint, p_bytes bigint, p_limit integer)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_log    record;
    v_start  bigint;
    v_left   bigint;
    v_piece  record;
BEGIN
    SELECT l.start_offset, l.appended_bytes, u.removed_bytes, u.trimmed_to INTO v_log
        FROM upkeep AS u JOIN logs AS l USING (log_id) WHERE u.log_id = p_log AND NOT u.dropped FOR UPDATE OF u;
    IF NOT FOUND OR v_log.trimmed_to < v_log.start_offset THEN
        RETURN false;
    END IF;
    v_start := v_log.start_offset;
    v_left := v_log.appended_bytes - v_log.removed_bytes;
    FOR v_piece IN
        SELECT last_offset, max_timestamp, size_bytes FROM pieces
            WHERE log_id = p_log AND last_offset >= v_start ORDER BY last_offset LIMIT p_limit
    LOOP
        EXIT WHEN NOT coalesce(v_piece.max_timestamp BETWEEN 0 AND p_oldest_ms - 1, false)
            AND NOT coalesce(v_left - v_piece.size_bytes >= p_bytes, false);
        v_left := v_left - v_piece.size_bytes;
        v_start := v_piece.last_offset + 1;
    END LOOP;
    IF v_start > v_log.start_offset THEN
        UPDATE logs SET start_offset = greatest(start_offset, v_start) WHERE log_id = p_log;
        RETURN true;
    END IF;
    RETURN false;
END;
$$;

-- Whether the caller is to do a chore now: nobody else is at it, and it was not begun within the last so many
-- milliseconds.
CREATE OR REPLACE FUNCTION claim_chore(p_name text, p_every_ms bigint, p_lease_ms bigint) RETURNS boolean
LANGUAGE sql AS $$
    WITH taken AS (
        INSERT INTO chores AS c (name, started_at, held_until)
        VALUES (p_name, clock_timestamp(), clock_timestamp() + p_lease_ms * interval '1 millisecond')
        ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at, held_until = excluded.held_until
            WHERE c.held_until < clock_timestamp()
                AND c.started_at < clock_timestamp() - p_every_ms * interval '1 millisecond'
        RETURNING 1)
    SELECT EXISTS (SELECT FROM taken);
$$;

-- What there is to compact in a log: up to the first piece that is too young, or may still be merged.
CREATE OR REPLACE FUNCTION cleanable(p_log bigint, p_youngest_ms bigint)
RETURNS TABLE (start_offset bigint, cleaned_to bigint, end_offset bigint,
               clean_bytes bigint, dirty_bytes bigint, oldest_dirty bigint) LANGUAGE sql STABLE AS $$
    WITH log AS (
        SELECT l.start_offset, l.next_offset, l.first_open, u.cleaned_to FROM upkeep AS u JOIN logs AS l USING (log_id)
        WHERE u.log_id = p_log AND NOT u.dropped),
    bound AS (
        SELECT coalesce(
            (SELECT p.base_offset FROM pieces AS p JOIN objects AS o USING (object_id)
                WHERE p.log_id = p_log AND p.last_offset >= log.cleaned_to
                    AND ((o.intake AND NOT o.merged) OR p.max_timestamp > p_youngest_ms
                        OR (log.first_open >= 0 AND p.last_offset >= log.first_open))
                ORDER BY p.last_offset LIMIT 1), log.next_offset) AS end_offset FROM log)
    SELECT log.start_offset, log.cleaned_to, bound.end_offset,
        coalesce(sum(p.size_bytes) FILTER (WHERE p.last_offset < log.cleaned_to), 0),
        coalesce(sum(p.size_bytes) FILTER (WHERE p.last_offset >= log.cleaned_to), 0),
        coalesce(min(p.max_timestamp) FILTER (WHERE p.last_offset >= log.cleaned_to), -1)
    FROM log CROSS JOIN bound
        LEFT JOIN pieces AS p ON p.log_id = p_log AND p.last_offset >= log.start_offset AND p.last_offset < bound.end_offset
    WHERE bound.end_offset > log.cleaned_to
    GROUP BY log.start_offset, log.cleaned_to, bound.end_offset;
$$;
