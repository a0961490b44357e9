-- Where clients of a broker's external listener find it; null if it has none.
ALTER TABLE brokers ADD COLUMN external_host text, ADD COLUMN external_port integer;

-- The one that replaces it takes the two as parameters with defaults, so that a broker of the version before still enters.
DROP FUNCTION IF EXISTS register_broker(integer, uuid, text, integer, integer);

-- Ids that were given to brokers which have not entered yet.
CREATE TABLE broker_claims (
    broker_id  integer PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
