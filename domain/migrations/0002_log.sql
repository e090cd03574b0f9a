-- Logs that applications send. created_at is the time the entry speaks of, received_at when it came in.
CREATE TABLE log_entry (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    application TEXT NOT NULL,
    module TEXT NOT NULL,
    title TEXT NOT NULL,
    content TEXT,
    level BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX log_entry_by_time ON log_entry (tenant_id, created_at, id);
CREATE INDEX log_entry_by_application ON log_entry (tenant_id, application, created_at);
