-- What happens to the row of a transactional id. Rows are locked before logs; commit_intake locks those of the
-- transactions that its batches belong to.

-- Gives a transactional producer its id and epoch. Statuses: 0 done, 1 a transaction is open and must be ended first,
-- 2 fenced: the id and epoch that it says it has are neither the current ones nor those before.
CREATE OR REPLACE FUNCTION init_transactional(
    p_id text, p_producer bigint, p_epoch smallint, p_timeout_ms integer, p_new_producer bigint,
    OUT status smallint, OUT producer bigint, OUT epoch smallint
) LANGUAGE plpgsql AS $$
DECLARE
    v_row transactions;
BEGIN
    status := 0;
    INSERT INTO transactions (transactional_id, producer_id, producer_epoch, timeout_ms)
        VALUES (p_id, p_new_producer, 0, p_timeout_ms) ON CONFLICT (transactional_id) DO NOTHING;
    IF FOUND THEN
        producer := p_new_producer;
        epoch := 0;
        RETURN;
    END IF;
    SELECT * INTO v_row FROM transactions WHERE transactional_id = p_id FOR UPDATE;
    producer := v_row.producer_id;
    epoch := v_row.producer_epoch;
    IF p_producer >= 0 AND (p_producer <> v_row.producer_id OR p_epoch <> v_row.producer_epoch) THEN
        IF p_producer = v_row.last_producer_id AND p_epoch = v_row.last_epoch AND v_row.state <> 1 THEN
            -- Asked before, and the answer was lost.
            UPDATE transactions SET timeout_ms = p_timeout_ms, state = 0, updated_at = now() WHERE transactional_id = p_id;
        ELSE
            status := 2;
        END IF;
        RETURN;
    END IF;
    IF v_row.state = 1 THEN
        status := 1;
        RETURN;
    END IF;
    IF v_row.producer_epoch >= 32766 THEN
        producer := p_new_producer;
        epoch := 0;
    ELSE
        epoch := v_row.producer_epoch + 1;
    END IF;
    -- Who says nothing of what it had is another producer: the one before shall not come back.
    UPDATE transactions SET producer_id = producer, producer_epoch = epoch,
            last_producer_id = CASE WHEN p_producer >= 0 THEN v_row.producer_id ELSE -1 END,
            last_epoch = CASE WHEN p_producer >= 0 THEN v_row.producer_epoch ELSE -1 END, timeout_ms = p_timeout_ms, state = 0, started_at = NULL, updated_at = now()
        WHERE transactional_id = p_id;
END;
$$;

-- Takes logs into a transaction, which begins with the first. Statuses: 0 done, 1 no such transactional id or another
-- producer's, 2 another epoch.
CREATE OR REPLACE FUNCTION join_transaction(p_id text, p_producer bigint, p_epoch smallint, p_logs bigint[])
RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
    v_row transactions;
BEGIN
    SELECT * INTO v_row FROM transactions WHERE transactional_id = p_id FOR UPDATE;
    IF NOT FOUND OR v_row.producer_id <> p_producer THEN
        RETURN 1;
    END IF;
    IF v_row.producer_epoch <> p_epoch THEN
        RETURN 2;
    END IF;
    IF v_row.state <> 1 OR NOT v_row.logs @> p_logs THEN
        PERFORM take_into_transaction(v_row.producer_id, p_logs);
    END IF;
    RETURN 0;
END;
$$;

-- The row is locked, and its epoch was compared.
CREATE OR REPLACE FUNCTION take_into_transaction(p_producer bigint, p_logs bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE transactions SET state = 1, updated_at = now(),
            started_at = CASE WHEN state = 1 THEN started_at ELSE now() END,
            logs = CASE WHEN state = 1 THEN logs ELSE '{}' END
                || ARRAY(SELECT DISTINCT l FROM unnest(p_logs) AS l WHERE state <> 1 OR l <> ALL (logs))
        WHERE producer_id = p_producer;
$$;

-- Ends transactions whose markers, if they have any, are appended in the same database transaction. The arrays e_ hold
-- one entry a transaction, g_ one for each log of group offsets in one, m_ one a marker. Returns for each whether it
-- has ended: not if it is not open at that epoch, or has a log that is in neither g_ nor m_.
CREATE OR REPLACE FUNCTION end_transactions(
    e_producers bigint[], e_epochs smallint[], e_commits boolean[], e_next_producers bigint[], e_next_epochs smallint[],
    e_marker_epochs smallint[], g_producers bigint[], g_logs bigint[], m_producers bigint[], m_logs bigint[]
) RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
    v_row   transactions;
    v_ended boolean[] := '{}';
    v_logs  bigint[];
BEGIN
    -- In one order, or two of these wait for each other.
    PERFORM 1 FROM transactions WHERE producer_id = ANY (e_producers) ORDER BY producer_id FOR UPDATE;
    FOR i IN 1 .. cardinality(e_producers) LOOP
        SELECT * INTO v_row FROM transactions WHERE producer_id = e_producers[i];
        v_logs := ARRAY(SELECT log FROM unnest(g_producers || m_producers, g_logs || m_logs) AS x (producer, log)
            WHERE producer = e_producers[i]);
        -- One that is not open may be aborted by its producer, who gets its next epoch; whoever brings markers has
        -- seen it open, and comes too late.
        IF v_row.producer_id IS NULL OR (v_row.state <> 1
                AND (e_commits[i] OR e_epochs[i] = e_next_epochs[i] OR cardinality(v_logs) > 0))
            OR v_row.producer_epoch <> e_epochs[i] OR NOT v_row.logs <@ v_logs THEN
            v_ended := v_ended || false;
            CONTINUE;
        END IF;
        UPDATE transactions SET state = CASE WHEN e_commits[i] THEN 2 ELSE 3 END, producer_id = e_next_producers[i],
                producer_epoch = e_next_epochs[i],
                last_producer_id = v_row.producer_id, last_epoch = v_row.producer_epoch,
                logs = '{}', updated_at = now()
            WHERE transactional_id = v_row.transactional_id;
        INSERT INTO group_endings (log_id, producer_id, producer_epoch, committed)
            SELECT g.log, g.producer, e_marker_epochs[i], e_commits[i]
                FROM unnest(g_producers, g_logs) AS g (producer, log) WHERE g.producer = e_producers[i]
                    AND EXISTS (SELECT FROM producer_states AS s WHERE s.log_id = g.log AND s.producer_id = g.producer
                        AND s.open_from IS NOT NULL)
            ON CONFLICT (log_id, producer_id) DO NOTHING;
        v_ended := v_ended || true;
    END LOOP;
    RETURN v_ended;
END;
$$;

-- The aborted transactions that overlap a range of offsets of a log.
CREATE OR REPLACE FUNCTION aborted_between(p_log bigint, p_from bigint, p_to bigint)
RETURNS TABLE (producer_id bigint, first_offset bigint, last_offset bigint) LANGUAGE sql STABLE AS $$
    SELECT a.producer_id, a.first_offset, a.last_offset FROM aborted_transactions AS a
        WHERE a.log_id = p_log AND a.last_offset >= p_from AND a.first_offset < p_to
            AND a.last_offset <= coalesce((
                -- Those after the first one that leaves nothing open before the range's end begin after it.
                SELECT b.last_offset FROM aborted_transactions AS b
                    WHERE b.log_id = p_log AND b.stable_offset >= p_to ORDER BY b.stable_offset, b.last_offset LIMIT 1),
                9223372036854775807)
        ORDER BY a.last_offset;
$$;
