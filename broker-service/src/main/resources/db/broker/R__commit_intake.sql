-- Gives the batches of one durable stretch of an intake object their offsets and makes them visible: the commit path,
-- one call, one transaction.
--
-- The arrays hold one entry a batch, ordered by log, within a log in the order in which they lie in the object.
-- Batches of one producer in one log lie beside each other. Statuses: 0 appended, 1 duplicate, 2 out of order
-- sequence, 3 stale producer epoch, 4 unknown log, 5 fenced, 6 object sealed, 7 not in the transaction that the batch
-- says it belongs to, 8 no transactional producer, 9 the transaction could not be ended.
--
-- The transactional ids are those that clients named, or null. Kinds: 0 a batch of its own; of a transaction 1, which
-- must have the log, or 2, which takes the log up; 3 a marker; 4 the marker of a coordinator's log, which works off a
-- group ending. Sequence numbers are checked where there are any.
-- The transactions whose markers are among the batches end in the same commit: see end_transactions.
--
-- Asking again with the same stretch gives the first answer and changes nothing, so a caller who does not know
-- whether an earlier call was committed simply calls again. Logs are locked in order of their ids, so that
-- concurrent commits do not deadlock; rows of transactions are locked before them.
CREATE OR REPLACE FUNCTION commit_intake(
    p_broker    integer,
    p_key       text,
    p_from      bigint,
    p_to        bigint,
    p_logs      bigint[],
    p_positions bigint[],
    p_sizes     integer[],
    p_counts    integer[],
    p_max_timestamps bigint[],
    p_guesses   bigint[],
    p_producers bigint[],
    p_epochs    smallint[],
    p_sequences integer[],
    p_fences    integer[],
    p_kinds     smallint[],
    p_ids       text[],
    p_commits   boolean[],
    e_producers bigint[],
    e_epochs    smallint[],
    e_commits   boolean[],
    e_next_producers bigint[],
    e_next_epochs smallint[],
    e_marker_epochs smallint[],
    g_producers bigint[],
    g_logs      bigint[],
    OUT statuses smallint[],
    OUT offsets  bigint[],
    OUT starts   bigint[],
    OUT opens    bigint[],
    OUT aborted  bigint[]
) LANGUAGE plpgsql AS $$
DECLARE
    n          constant integer := coalesce(array_length(p_logs, 1), 0);
    i          integer := 1;
    v_object   record;
    v_log      record;
    v_next     bigint;
    v_max      bigint;
    v_status   smallint;
    v_offset   bigint;
    -- the producer whose state is at hand
    s_producer bigint;
    s_found    boolean;
    s_dirty    boolean;
    s_epoch    smallint;
    s_bases    integer[];
    s_lasts    integer[];
    s_offsets  bigint[];
    s_open     bigint;
    s_ended    boolean;
    t_row      transactions;
    v_ended    boolean[];
    v_open     bigint;
    v_aborted  bigint;
    v_last     bigint;
    v_slot     integer;
    -- pieces and heads to be written
    k          integer := 0;
    k_logs     bigint[] := '{}';
    k_lasts    bigint[] := '{}';
    k_bases    bigint[] := '{}';
    k_positions bigint[] := '{}';
    k_sizes    integer[] := '{}';
    k_maxes    bigint[] := '{}';
    k_running  bigint[] := '{}';
    k_settled  boolean[] := '{}';
    h_logs     bigint[] := '{}';
    h_nexts    bigint[] := '{}';
    h_maxes    bigint[] := '{}';
    h_bytes    bigint[] := '{}';
    h_opens    bigint[] := '{}';
    h_aborted  bigint[] := '{}';
    v_bytes    bigint;
BEGIN
    -- Waits for an earlier call with the same key whose end its caller did not see.
    SELECT * INTO v_object FROM objects WHERE object_key = p_key FOR UPDATE;
    IF FOUND AND v_object.committed_to = p_to THEN
        statuses := v_object.last_statuses;
        offsets := v_object.last_offsets;
        starts := v_object.last_starts;
        opens := v_object.last_opens;
        aborted := v_object.last_aborted;
        RETURN;
    END IF;
    IF v_object.object_id IS NULL OR v_object.open_until < clock_timestamp() THEN
        statuses := array_fill(6::smallint, ARRAY[n]);
        offsets := array_fill(-1::bigint, ARRAY[n]);
        starts := offsets;
        opens := offsets;
        aborted := offsets;
        RETURN;
    END IF;
    IF v_object.committed_to > p_from THEN
        RAISE EXCEPTION 'object % is committed up to %, so % to % cannot be', p_key, v_object.committed_to, p_from, p_to;
    END IF;

    -- A log that is not there keeps this status.
    statuses := array_fill(4::smallint, ARRAY[n]);
    offsets := array_fill(-1::bigint, ARRAY[n]);
    starts := offsets;
    opens := offsets;
    aborted := offsets;

    IF 0 < ANY (p_kinds) THEN
        PERFORM 1 FROM transactions
            WHERE producer_id = ANY (e_producers) OR producer_id IN (
                SELECT producer FROM unnest(p_producers, p_kinds) AS b (producer, kind) WHERE kind IN (1, 2))
            ORDER BY producer_id FOR UPDATE;
    END IF;
    IF cardinality(e_producers) > 0 THEN
        v_ended := end_transactions(e_producers, e_epochs, e_commits, e_next_producers, e_next_epochs, e_marker_epochs,
            g_producers, g_logs,
            ARRAY(SELECT producer FROM unnest(p_producers, p_kinds) AS b (producer, kind) WHERE kind = 3),
            ARRAY(SELECT log FROM unnest(p_logs, p_kinds) AS b (log, kind) WHERE kind = 3));
    END IF;

    FOR v_log IN
        SELECT * FROM logs WHERE log_id = ANY (p_logs) ORDER BY log_id FOR UPDATE
    LOOP
        WHILE p_logs[i] < v_log.log_id LOOP
            i := i + 1;
        END LOOP;
        v_next := v_log.next_offset;
        v_max := v_log.max_timestamp;
        v_open := v_log.first_open;
        v_aborted := v_log.last_aborted;
        s_producer := NULL;
        s_dirty := false;
        v_bytes := 0;
        WHILE i <= n AND p_logs[i] = v_log.log_id LOOP
            v_status := 0;
            v_offset := v_next;
            IF p_fences[i] >= 0 AND (v_log.leader_epoch <> p_fences[i] OR v_log.leader_id <> p_broker) THEN
                v_status := 5;
            ELSIF p_producers[i] >= 0 THEN
                IF s_producer IS DISTINCT FROM p_producers[i] THEN
                    IF s_dirty THEN
                        PERFORM keep_producer_state(v_log.log_id, s_producer, s_epoch, s_bases, s_lasts, s_offsets, s_open, s_ended);
                        s_dirty := false;
                    END IF;
                    s_producer := p_producers[i];
                    SELECT producer_epoch, base_sequences, last_sequences, base_offsets, open_from, coalesce(ended, false)
                        INTO s_epoch, s_bases, s_lasts, s_offsets, s_open, s_ended
                        FROM producer_states WHERE log_id = v_log.log_id AND producer_id = s_producer;
                    s_found := FOUND;
                END IF;
                v_last := p_sequences[i]::bigint + p_counts[i] - 1;
                IF v_last > 2147483647 THEN
                    v_last := v_last - 2147483648;
                END IF;
                IF p_kinds[i] >= 3 THEN
                    -- A marker: its epoch fences what comes late.
                    IF p_kinds[i] = 3 AND NOT v_ended[array_position(e_producers, s_producer)]
                        OR p_kinds[i] = 4 AND NOT EXISTS (SELECT FROM group_endings
                            WHERE log_id = v_log.log_id AND producer_id = s_producer AND producer_epoch = p_epochs[i]) THEN
                        v_status := 9;
                    ELSIF NOT s_found OR p_epochs[i] > s_epoch THEN
                        s_found := true;
                        s_epoch := p_epochs[i];
                        s_bases := '{}';
                        s_lasts := '{}';
                        s_offsets := '{}';
                    END IF;
                ELSIF p_kinds[i] = 0 AND s_open IS NOT NULL THEN
                    v_status := 7;
                ELSIF p_kinds[i] > 0 AND (s_open IS NULL OR s_epoch <> p_epochs[i]) THEN
                    SELECT * INTO t_row FROM transactions WHERE producer_id = s_producer;
                    IF NOT FOUND OR t_row.transactional_id <> p_ids[i] THEN
                        v_status := 8;
                    ELSIF t_row.producer_epoch <> p_epochs[i] THEN
                        v_status := 3;
                    ELSIF t_row.state <> 1 OR v_log.log_id <> ALL (t_row.logs) THEN
                        IF p_kinds[i] = 1 THEN
                            v_status := 7;
                        ELSE
                            PERFORM take_into_transaction(s_producer, ARRAY[v_log.log_id]);
                        END IF;
                    END IF;
                END IF;
                IF v_status > 0 OR p_kinds[i] >= 3 THEN
                    NULL;
                ELSIF p_sequences[i] < 0 THEN
                    -- A coordinator's batch has no sequence numbers.
                    IF NOT s_found OR p_epochs[i] > s_epoch THEN
                        s_found := true;
                        s_epoch := p_epochs[i];
                        s_bases := '{}';
                        s_lasts := '{}';
                        s_offsets := '{}';
                    ELSIF p_epochs[i] < s_epoch THEN
                        v_status := 3;
                    END IF;
                ELSIF NOT s_found THEN
                    -- A producer begins at zero: batches before this one may have been refused on their way here.
                    IF p_sequences[i] <> 0 THEN
                        v_status := 2;
                    ELSE
                        s_found := true;
                        s_epoch := p_epochs[i];
                        s_bases := '{}';
                        s_lasts := '{}';
                        s_offsets := '{}';
                    END IF;
                ELSIF p_epochs[i] < s_epoch THEN
                    v_status := 3;
                ELSIF p_epochs[i] > s_epoch THEN
                    IF p_sequences[i] <> 0 THEN
                        v_status := 2;
                    ELSE
                        s_epoch := p_epochs[i];
                        s_bases := '{}';
                        s_lasts := '{}';
                        s_offsets := '{}';
                    END IF;
                ELSE
                    FOR v_slot IN 1 .. cardinality(s_bases) LOOP
                        IF s_bases[v_slot] = p_sequences[i] AND s_lasts[v_slot] = v_last THEN
                            v_status := 1;
                            v_offset := s_offsets[v_slot];
                        END IF;
                    END LOOP;
                    IF v_status = 0 AND p_sequences[i] <> (CASE WHEN cardinality(s_lasts) = 0 THEN 0
                            ELSE (s_lasts[cardinality(s_lasts)]::bigint + 1) % 2147483648 END) THEN
                        v_status := 2;
                    END IF;
                END IF;
                IF v_status = 0 THEN
                    IF p_sequences[i] >= 0 THEN
                        IF cardinality(s_bases) >= 5 THEN
                            s_bases := s_bases[2:5];
                            s_lasts := s_lasts[2:5];
                            s_offsets := s_offsets[2:5];
                        END IF;
                        s_bases := s_bases || p_sequences[i];
                        s_lasts := s_lasts || v_last::integer;
                        s_offsets := s_offsets || v_next;
                    END IF;
                    s_dirty := true;
                    IF p_kinds[i] IN (1, 2) AND s_open IS NULL THEN
                        s_open := v_next;
                        IF v_open < 0 THEN
                            v_open := v_next;
                        END IF;
                    ELSIF p_kinds[i] >= 3 THEN
                        IF s_open = v_open THEN
                            SELECT coalesce(min(open_from), -1) INTO v_open FROM producer_states
                                WHERE log_id = v_log.log_id AND producer_id <> s_producer AND open_from IS NOT NULL;
                        END IF;
                        IF s_open IS NOT NULL AND NOT p_commits[i] THEN
                            v_aborted := v_next;
                            INSERT INTO aborted_transactions (log_id, last_offset, first_offset, producer_id, stable_offset)
                                VALUES (v_log.log_id, v_next, s_open, s_producer,
                                    CASE WHEN v_open < 0 THEN v_next + 1 ELSE v_open END);
                        END IF;
                        s_open := NULL;
                        s_ended := true;
                        IF p_kinds[i] = 4 THEN
                            DELETE FROM group_endings WHERE log_id = v_log.log_id AND producer_id = s_producer;
                        END IF;
                    END IF;
                END IF;
            END IF;

            IF v_status = 0 THEN
                IF k > 0 AND k_logs[k] = v_log.log_id AND k_positions[k] + k_sizes[k] = p_positions[i] THEN
                    k_sizes[k] := k_sizes[k] + p_sizes[i];
                    k_maxes[k] := greatest(k_maxes[k], p_max_timestamps[i]);
                    k_settled[k] := k_settled[k] AND p_guesses[i] = v_next;
                ELSE
                    k := k + 1;
                    k_logs[k] := v_log.log_id;
                    k_bases[k] := v_next;
                    k_positions[k] := p_positions[i];
                    k_sizes[k] := p_sizes[i];
                    k_maxes[k] := p_max_timestamps[i];
                    k_settled[k] := p_guesses[i] = v_next;
                END IF;
                v_max := greatest(v_max, p_max_timestamps[i]);
                v_next := v_next + p_counts[i];
                v_bytes := v_bytes + p_sizes[i];
                k_lasts[k] := v_next - 1;
                k_running[k] := v_max;
            END IF;
            statuses[i] := v_status;
            offsets[i] := CASE WHEN v_status <= 1 THEN v_offset ELSE -1 END;
            starts[i] := v_log.start_offset;
            opens[i] := v_open;
            aborted[i] := v_aborted;
            i := i + 1;
        END LOOP;
        IF s_dirty THEN
            PERFORM keep_producer_state(v_log.log_id, s_producer, s_epoch, s_bases, s_lasts, s_offsets, s_open, s_ended);
        END IF;
        IF v_next > v_log.next_offset THEN
            h_logs := h_logs || v_log.log_id;
            h_nexts := h_nexts || v_next;
            h_maxes := h_maxes || v_max;
            h_bytes := h_bytes || v_bytes;
            h_opens := h_opens || v_open;
            h_aborted := h_aborted || v_aborted;
        END IF;
    END LOOP;

    UPDATE logs SET next_offset = h.next_offset, max_timestamp = h.max_timestamp,
            appended_bytes = logs.appended_bytes + h.bytes, first_open = h.first_open, last_aborted = h.last_aborted
        FROM unnest(h_logs, h_nexts, h_maxes, h_bytes, h_opens, h_aborted)
            AS h (log_id, next_offset, max_timestamp, bytes, first_open, last_aborted)
        WHERE logs.log_id = h.log_id;
    INSERT INTO pieces (log_id, last_offset, base_offset, object_id, position, size_bytes, max_timestamp, running_max, settled)
        SELECT k_.log_id, k_.last_offset, k_.base_offset, v_object.object_id, k_.position, k_.size_bytes,
               k_.max_timestamp, k_.running_max, k_.settled
        FROM unnest(k_logs, k_lasts, k_bases, k_positions, k_sizes, k_maxes, k_running, k_settled)
            AS k_ (log_id, last_offset, base_offset, position, size_bytes, max_timestamp, running_max, settled);
    UPDATE objects SET committed_to = p_to, last_statuses = statuses, last_offsets = offsets, last_starts = starts,
            last_opens = opens, last_aborted = aborted,
            live_pieces = live_pieces + k, live_bytes = live_bytes + coalesce((SELECT sum(b) FROM unnest(k_sizes) AS b), 0)
        WHERE object_id = v_object.object_id;
END;
$$;

CREATE OR REPLACE FUNCTION keep_producer_state(
    p_log bigint, p_producer bigint, p_epoch smallint, p_bases integer[], p_lasts integer[], p_offsets bigint[],
    p_open bigint, p_ended boolean
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO producer_states AS s
        (log_id, producer_id, producer_epoch, base_sequences, last_sequences, base_offsets, updated_at, open_from, ended)
    VALUES (p_log, p_producer, p_epoch, p_bases, p_lasts, p_offsets, now(), p_open, coalesce(p_ended, false))
    ON CONFLICT (log_id, producer_id) DO UPDATE SET
        producer_epoch = excluded.producer_epoch, base_sequences = excluded.base_sequences,
        last_sequences = excluded.last_sequences, base_offsets = excluded.base_offsets, updated_at = excluded.updated_at,
        open_from = excluded.open_from, ended = excluded.ended;
$$;
