-- Secrets of the installation itself, made at first use: so that what one process signed, another one knows.
CREATE TABLE server_secret (
    name TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL
);

-- The few messages that are no history of datapoints: a window's records are then counted from indexes alone.
CREATE INDEX device_message_without_data ON device_message (tenant_id, device_id, ts)
    WHERE direction = 2 OR attrs IS NULL;
