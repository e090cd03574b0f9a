-- How far the demo plant's story has been told.
CREATE TABLE demo_progress (
    tenant_id BIGINT NOT NULL PRIMARY KEY REFERENCES tenant (id),
    told_until BIGINT NOT NULL
);
