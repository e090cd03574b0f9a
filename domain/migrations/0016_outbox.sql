-- Messages to devices from a process that holds no connections, for the process that does. A row lives for seconds.
CREATE TABLE device_outbox (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    did TEXT NOT NULL,
    topic TEXT NOT NULL,
    -- the bytes, hexadecimal
    payload TEXT NOT NULL,
    -- waiting; taken by the process with the connections; then what became of it: handed, offline, busy
    outcome TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- nobody takes it any more then
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
