-- Gives logs their leaders: rendezvous hashing over the brokers that are alive, so that a broker that comes or goes
-- moves only its own share. An epoch rises whenever a leader changes. The caller holds the cluster's row.
-- Without ids, all logs are looked at.
CREATE OR REPLACE FUNCTION choose_leaders(p_alive integer[], p_logs bigint[]) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_changed integer;
BEGIN
    IF cardinality(p_alive) = 0 THEN
        RETURN 0;
    END IF;
    PERFORM 1 FROM logs WHERE p_logs IS NULL OR log_id = ANY (p_logs) ORDER BY log_id FOR UPDATE;
    WITH chosen AS (
        SELECT log_id, (SELECT b FROM unnest(p_alive) AS b ORDER BY hashint8extended(log_id, b), b LIMIT 1) AS broker
        FROM logs WHERE p_logs IS NULL OR log_id = ANY (p_logs)
    )
    UPDATE logs SET leader_id = chosen.broker, leader_epoch = logs.leader_epoch + 1
        FROM chosen WHERE logs.log_id = chosen.log_id AND logs.leader_id <> chosen.broker;
    GET DIAGNOSTICS v_changed = ROW_COUNT;
    RETURN v_changed;
END;
$$;

CREATE OR REPLACE FUNCTION alive_brokers() RETURNS integer[] LANGUAGE sql AS $$
    SELECT coalesce(array_agg(broker_id ORDER BY broker_id), '{}') FROM brokers WHERE expires_at > clock_timestamp();
$$;

-- Chooses leaders anew if brokers have come or gone since it was last done.
CREATE OR REPLACE FUNCTION follow_membership() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_cluster record;
    v_alive   integer[];
BEGIN
    SELECT * INTO v_cluster FROM cluster;
    IF v_cluster.alive = alive_brokers() THEN
        RETURN v_cluster.version;
    END IF;
    SELECT * INTO v_cluster FROM cluster FOR UPDATE;
    v_alive := alive_brokers();
    IF v_cluster.alive <> v_alive THEN
        PERFORM choose_leaders(v_alive, NULL);
        UPDATE cluster SET alive = v_alive, version = version + 1 RETURNING version INTO v_cluster.version;
    END IF;
    RETURN v_cluster.version;
END;
$$;

-- Gives out the lowest id that no living broker has; it is kept for a while, until its broker has entered.
CREATE OR REPLACE FUNCTION claim_broker_id(p_ttl_ms integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_id integer;
BEGIN
    PERFORM 1 FROM cluster FOR UPDATE;
    DELETE FROM broker_claims WHERE expires_at <= clock_timestamp();
    SELECT min(n) INTO v_id
    FROM generate_series(1, (SELECT count(*) FROM brokers)::integer + (SELECT count(*) FROM broker_claims)::integer + 1) AS n
    WHERE n NOT IN (SELECT broker_id FROM brokers WHERE expires_at > clock_timestamp())
      AND n NOT IN (SELECT broker_id FROM broker_claims);
    INSERT INTO broker_claims VALUES (v_id, clock_timestamp() + p_ttl_ms * interval '1 millisecond');
    RETURN v_id;
END;
$$;

-- Enters a broker, or a new incarnation of it. Epochs of the logs it led before rise: the earlier process may be gone,
-- but not yet its last commit. Returns null while another broker lives under this id.
CREATE OR REPLACE FUNCTION register_broker(
    p_broker integer, p_incarnation uuid, p_host text, p_port integer, p_ttl_ms integer,
    p_external_host text DEFAULT NULL, p_external_port integer DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM cluster FOR UPDATE;
    PERFORM 1 FROM brokers WHERE broker_id = p_broker AND incarnation <> p_incarnation
        AND expires_at > clock_timestamp() AND (host, port) <> (p_host, p_port);
    IF FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO brokers AS b (broker_id, incarnation, host, port, expires_at, external_host, external_port)
    VALUES (p_broker, p_incarnation, p_host, p_port, clock_timestamp() + p_ttl_ms * interval '1 millisecond',
        p_external_host, p_external_port)
    ON CONFLICT (broker_id) DO UPDATE SET incarnation = excluded.incarnation, host = excluded.host,
        port = excluded.port, expires_at = excluded.expires_at, external_host = excluded.external_host,
        external_port = excluded.external_port;
    PERFORM 1 FROM logs WHERE leader_id = p_broker ORDER BY log_id FOR UPDATE;
    UPDATE logs SET leader_epoch = leader_epoch + 1 WHERE leader_id = p_broker;
    UPDATE cluster SET version = version + 1;
    RETURN follow_membership();
END;
$$;

-- Keeps a broker alive for another while. Returns the version of the metadata, or null if the broker is not entered,
-- or no longer under this incarnation.
CREATE OR REPLACE FUNCTION heartbeat(p_broker integer, p_incarnation uuid, p_ttl_ms integer) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE brokers SET expires_at = clock_timestamp() + p_ttl_ms * interval '1 millisecond'
        WHERE broker_id = p_broker AND incarnation = p_incarnation;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN follow_membership();
END;
$$;

-- Takes leave: others lead from now on.
CREATE OR REPLACE FUNCTION leave_cluster(p_broker integer, p_incarnation uuid) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE brokers SET expires_at = clock_timestamp() WHERE broker_id = p_broker AND incarnation = p_incarnation;
    RETURN follow_membership();
END;
$$;

-- Locks the cluster's row until the end of the transaction and raises the version of the metadata.
CREATE OR REPLACE FUNCTION change_metadata() RETURNS bigint LANGUAGE sql AS $$
    UPDATE cluster SET version = version + 1 RETURNING version;
$$;
