-- Metadata of a tenant. The built-in ones are defined by the program and get rows here only once they are modified.
CREATE TABLE metadata (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    multi_version BOOLEAN NOT NULL,
    prefix_nested BOOLEAN NOT NULL,
    platform_control BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

CREATE TABLE metadata_property (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    metadata_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL,
    is_unique BOOLEAN NOT NULL,
    nullable BOOLEAN NOT NULL,
    multiple BOOLEAN NOT NULL,
    display BOOLEAN NOT NULL,
    default_value TEXT,
    -- JSON: what the contract calls propertyLimit
    limits TEXT NOT NULL,
    -- the metadata that a reference points to, once more as a column
    target_id BIGINT,
    sort_index BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, metadata_id, code),
    FOREIGN KEY (tenant_id, metadata_id) REFERENCES metadata (tenant_id, id)
);
CREATE INDEX metadata_property_by_target ON metadata_property (tenant_id, target_id);

CREATE TABLE masterdata_record (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    -- no foreign key: built-in metadata have no row of their own until they are modified
    metadata_id BIGINT NOT NULL,
    unique_key TEXT NOT NULL,
    row_version BIGINT NOT NULL,
    archived BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, metadata_id, unique_key)
);
CREATE INDEX masterdata_record_by_age ON masterdata_record (tenant_id, metadata_id, created_at, id);

-- One row for each value of a record; a property with several values has several rows.
CREATE TABLE masterdata_value (
    tenant_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    property_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    value_text TEXT NOT NULL,
    -- the beginning of value_text, short enough for an index
    text_key TEXT NOT NULL,
    value_number DOUBLE PRECISION,
    -- what a reference points to: a record, a node of the factory model or of the process model
    ref_id BIGINT,
    PRIMARY KEY (tenant_id, record_id, property_id, seq),
    FOREIGN KEY (tenant_id, record_id) REFERENCES masterdata_record (tenant_id, id)
);
CREATE INDEX masterdata_value_by_text ON masterdata_value (tenant_id, property_id, text_key);
CREATE INDEX masterdata_value_by_number ON masterdata_value (tenant_id, property_id, value_number);
CREATE INDEX masterdata_value_by_ref ON masterdata_value (tenant_id, ref_id);

-- Earlier versions of the records of multi-version metadata.
CREATE TABLE masterdata_version (
    tenant_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    row_version BIGINT NOT NULL,
    property_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    value_text TEXT NOT NULL,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, record_id, row_version, property_id, seq),
    FOREIGN KEY (tenant_id, record_id) REFERENCES masterdata_record (tenant_id, id)
);
