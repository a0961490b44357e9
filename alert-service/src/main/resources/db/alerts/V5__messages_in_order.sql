-- The order in which messages were written, which is the order in which one recipient is told of one alert.
ALTER TABLE notifications ADD COLUMN sequence bigint GENERATED ALWAYS AS IDENTITY;
CREATE INDEX notifications_to_send ON notifications (alert_id, channel, recipient, sequence)
    WHERE state IN ('PENDING', 'SENDING', 'RETRY');
