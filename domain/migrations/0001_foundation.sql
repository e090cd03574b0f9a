-- Ids: each process reserves blocks of them.
CREATE TABLE id_block (next_id BIGINT NOT NULL);
INSERT INTO id_block (next_id) VALUES (1000);

-- One row for each thing that only one write at a time may look at and change (PostgreSQL).
CREATE TABLE area_lock (
    tenant_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    turn BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

CREATE TABLE tenant (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    time_zone TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE organization (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    parent_id BIGINT,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE employee (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- argon2id in PHC form; NULL until the person has set one
    password_hash TEXT,
    -- The password was made by the program or an administrator: its owner should set another one.
    password_one_time BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Look-up tables, exempt from tenant-first: names that are unique in the installation and lead to a tenant.
CREATE TABLE login (
    name TEXT NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX login_by_employee ON login (tenant_id, employee_id);

CREATE TABLE application (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    app_key TEXT NOT NULL UNIQUE,
    -- Needed in clear to check signatures; never shown again after creation.
    app_secret TEXT NOT NULL,
    app_code_hash TEXT NOT NULL UNIQUE,
    -- Tells one AppCode from another in a list.
    app_code_prefix TEXT NOT NULL,
    app_code_allowed BOOLEAN NOT NULL,
    shared BOOLEAN NOT NULL,
    revoked BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- appId: one for each tenant that uses an application.
CREATE TABLE application_instance (
    app_id TEXT NOT NULL PRIMARY KEY,
    application_id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenant (id)
);
CREATE INDEX application_instance_by_application ON application_instance (application_id, tenant_id);

CREATE TABLE external_identity (
    source TEXT NOT NULL,
    corp_id TEXT NOT NULL,
    -- '' maps the enterprise itself
    user_id TEXT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    employee_id BIGINT,
    PRIMARY KEY (source, corp_id, user_id),
    FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX external_identity_by_user ON external_identity (tenant_id, source, user_id);

CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
);
CREATE INDEX session_by_employee ON session (tenant_id, employee_id);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Sign-in attempts that failed, to slow down guessing in every process alike.
CREATE TABLE sign_in_failure (
    login TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
