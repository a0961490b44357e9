-- Subscribers: the definition as it was written, checked again when read.
CREATE TABLE subscribers (
    id         uuid PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    definition text NOT NULL,
    active     boolean NOT NULL,                        -- false: has unsubscribed
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- A test message belongs to no alert. A fall-back waits, SUPPRESSED, until the message that it stands in for has failed.
ALTER TABLE notifications
    ALTER COLUMN alert_id DROP NOT NULL,
    ALTER COLUMN transition DROP NOT NULL,
    ADD COLUMN subscriber_id uuid,
    ADD COLUMN fallback_of   uuid;
CREATE INDEX notifications_fallbacks ON notifications (fallback_of) WHERE fallback_of IS NOT NULL;
CREATE INDEX notifications_of_provider ON notifications (provider_id) WHERE provider_id IS NOT NULL;

-- What instances share about a channel: its bucket, its breaker, what the provider asked for, and what today has cost.
CREATE TABLE channel_gates (
    channel           text PRIMARY KEY,
    tokens            double precision NOT NULL,
    refilled_at       timestamptz NOT NULL,
    tokens_due_at     timestamptz,                      -- no tokens before
    retry_after_until timestamptz,                      -- the provider's word
    open_until        timestamptz,                      -- the breaker's
    failures          integer NOT NULL DEFAULT 0,       -- in a row
    budget_day        date,
    spent             integer NOT NULL DEFAULT 0
);

-- Receipts that were taken, so that one that comes again changes nothing.
CREATE TABLE delivery_receipts (
    provider    text NOT NULL,
    event_id    text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (provider, event_id)
);
CREATE INDEX delivery_receipts_old ON delivery_receipts (received_at);

-- Signs links to unsubscribe; random, made once.
CREATE TABLE delivery_secrets (name text PRIMARY KEY, secret text NOT NULL);
INSERT INTO delivery_secrets VALUES ('unsubscribe', gen_random_uuid()::text || gen_random_uuid()::text);
