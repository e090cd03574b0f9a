-- The device cloud: products, devices, what they sent, who uses them.

-- A kind of device: its datapoints, how its devices speak, what its figures mean for a machine.
CREATE TABLE product (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    product_key TEXT NOT NULL,
    -- SHA-256: the secret is only ever compared
    secret_hash TEXT NOT NULL,
    -- JSON: the definition of the datapoints as the Enterprise API returns it
    definition TEXT NOT NULL,
    published BOOLEAN NOT NULL,
    -- whether a published product still gives logs and history
    logs_enabled BOOLEAN NOT NULL,
    -- whether the Enterprise API serves this product
    api_enabled BOOLEAN NOT NULL,
    -- raw messages are kept this long; the hourly and daily figures stay
    retention_days BIGINT NOT NULL,
    -- JSON: which datapoints are machine state, pieces and scrap; NULL for none
    machine_rule TEXT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX product_by_age ON product (tenant_id, created_at, id);

-- Look-up tables, exempt from tenant-first: names that are unique in the installation and lead to a tenant.
CREATE TABLE product_key (
    product_key TEXT NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
);

CREATE TABLE device_identity (
    did TEXT NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL
);
CREATE INDEX device_identity_by_device ON device_identity (tenant_id, device_id);

CREATE TABLE enterprise (
    enterprise_id TEXT NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    -- SHA-256
    secret_hash TEXT NOT NULL,
    -- 0 is no limit
    calls_per_hour BIGINT NOT NULL,
    -- JSON: a list of addresses and networks that may call; NULL for all
    allowed_addresses TEXT,
    revoked BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX enterprise_by_tenant ON enterprise (tenant_id, created_at);

CREATE TABLE enterprise_token (
    token_hash TEXT NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    enterprise_id TEXT NOT NULL REFERENCES enterprise (enterprise_id),
    product_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
);
CREATE INDEX enterprise_token_by_product ON enterprise_token (tenant_id, product_id);
CREATE INDEX enterprise_token_by_expiry ON enterprise_token (expires_at);

-- Calls of the hour that is running: one row for each enterprise.
CREATE TABLE enterprise_quota (
    enterprise_id TEXT NOT NULL PRIMARY KEY REFERENCES enterprise (enterprise_id),
    tenant_id BIGINT NOT NULL,
    -- when the counted hour began
    begin_at BIGINT NOT NULL,
    calls BIGINT NOT NULL
);

-- A country, a region of it, a city of that; '' where it is not known that closely.
CREATE TABLE place (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    country TEXT NOT NULL,
    region TEXT NOT NULL,
    city TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, country, region, city)
);

CREATE TABLE device_group (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    -- 32 hexadecimal digits, the name on the wire
    gid TEXT NOT NULL,
    parent_id BIGINT,
    -- for people; the Enterprise API knows no names
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, gid),
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
);
CREATE INDEX device_group_by_product ON device_group (tenant_id, product_id, parent_id);

CREATE TABLE device (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    did TEXT NOT NULL,
    mac TEXT NOT NULL,
    -- In clear: the Enterprise API answers it.
    passcode TEXT NOT NULL,
    -- normal, or what it was imported as
    kind TEXT NOT NULL,
    serial_number TEXT,
    disabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    -- first time on line; NULL before
    activated_at BIGINT,
    online BOOLEAN NOT NULL,
    -- last time something was heard of it on line; NULL before the first
    online_latest BIGINT,
    place_id BIGINT,
    -- how the place is known: import, gps, address; NULL without one
    place_source TEXT,
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    group_id BIGINT,
    mcu_hard_version TEXT,
    mcu_soft_version TEXT,
    wifi_hard_version TEXT,
    wifi_soft_version TEXT,
    -- form of its last report: 0 none yet, 1 binary of fixed length, 2 binary of variable length, 3 JSON
    report_form BIGINT NOT NULL,
    -- JSON: the last known value of each datapoint, and when it was said
    latest TEXT,
    latest_at BIGINT,
    -- occurrences that are open
    open_faults BIGINT NOT NULL,
    open_alarms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, did),
    UNIQUE (tenant_id, product_id, mac),
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
);
CREATE INDEX device_by_age ON device (tenant_id, product_id, created_at, id);
CREATE INDEX device_by_state ON device (tenant_id, product_id, disabled, place_id, online, open_faults, open_alarms);
CREATE INDEX device_by_activation ON device (tenant_id, product_id, activated_at);
CREATE INDEX device_by_latest ON device (tenant_id, product_id, online_latest);
CREATE INDEX device_by_group ON device (tenant_id, group_id);

-- What came from and went to devices. Grows by thousands a second, hence no id: the key is the order it is read in.
CREATE TABLE device_message (
    tenant_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    -- when it happened: as the device says, else when it arrived; milliseconds
    ts BIGINT NOT NULL,
    -- 0 where the device said when, so that a repeat meets itself; else a number that tells it from others
    seq BIGINT NOT NULL,
    -- when it arrived here, or left
    at BIGINT NOT NULL,
    -- 1 from the device, 2 to the device
    direction BIGINT NOT NULL,
    -- the bytes, hexadecimal
    payload TEXT NOT NULL,
    -- JSON: the datapoints of this message by name; NULL where it carries none
    attrs TEXT,
    -- what was not as it should be, in words for a log; NULL where all was
    trouble TEXT,
    PRIMARY KEY (tenant_id, device_id, ts, seq)
);
CREATE INDEX device_message_by_arrival ON device_message (tenant_id, device_id, at, ts, seq);

-- Hours whose figures are to be made (again).
CREATE TABLE device_dirty_hour (
    tenant_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    hour_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, device_id, hour_at)
);

-- Numbers of a datapoint in an hour (span 3600000) or a day of the plant's zone; kept when the raw messages go.
CREATE TABLE device_figure (
    tenant_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- 1 hour, 2 day
    span BIGINT NOT NULL,
    begin_at BIGINT NOT NULL,
    samples BIGINT NOT NULL,
    minimum DOUBLE PRECISION NOT NULL,
    maximum DOUBLE PRECISION NOT NULL,
    total DOUBLE PRECISION NOT NULL,
    last DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant_id, device_id, name, span, begin_at)
);

-- The connection that is open; a row goes when it ends. Survives a restart, so that none is lost or made up.
CREATE TABLE device_session (
    tenant_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    -- the process or broker that holds it, and its number there
    broker TEXT NOT NULL,
    connection TEXT NOT NULL,
    address TEXT,
    online_at BIGINT NOT NULL,
    -- seconds
    keep_alive BIGINT NOT NULL,
    beats BIGINT NOT NULL,
    -- shortest, longest and summed distance between beats, milliseconds
    beat_min BIGINT NOT NULL,
    beat_max BIGINT NOT NULL,
    beat_total BIGINT NOT NULL,
    beat_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, device_id)
);

CREATE TABLE device_online_log (
    tenant_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    id BIGINT NOT NULL,
    online BOOLEAN NOT NULL,
    -- JSON: what the Enterprise API answers as payload
    payload TEXT NOT NULL,
    PRIMARY KEY (tenant_id, device_id, at, id)
);

-- Months in which a device reported, with a bit for each day (bit 0 is the first): small enough for a hundred thousand
-- devices, exact enough for days, weeks and months.
CREATE TABLE device_activity (
    tenant_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    -- yyyy-MM of the plant's zone
    month TEXT NOT NULL,
    device_id BIGINT NOT NULL,
    days BIGINT NOT NULL,
    place_id BIGINT,
    PRIMARY KEY (tenant_id, product_id, month, device_id)
);

-- Occurrences of faults and alarms: open at 1, resolved at 0.
CREATE TABLE device_event (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    -- 1 fault, 2 alarm
    kind BIGINT NOT NULL,
    name TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    resolved_at BIGINT,
    place_id BIGINT,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX device_event_by_product ON device_event (tenant_id, product_id, kind, device_id, name, resolved_at);
CREATE INDEX device_event_by_device ON device_event (tenant_id, device_id, opened_at, id);

-- Refused connections, topics and messages, counted by day. tenant_id 0 where nobody is known by that name.
CREATE TABLE device_refusal (
    tenant_id BIGINT NOT NULL,
    -- '' where nobody is known by that name
    did TEXT NOT NULL,
    -- yyyy-MM-dd, UTC
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    refusals BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, did, day, kind)
);

-- Applications that people use their devices with (appid).
CREATE TABLE device_app (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    appid TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, appid)
);

-- People who use devices; not those who sign in here.
CREATE TABLE device_user (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    app_id BIGINT NOT NULL,
    uid TEXT NOT NULL,
    username TEXT,
    name TEXT,
    phone TEXT,
    email TEXT,
    birthday TEXT,
    gender TEXT,
    address TEXT,
    remark TEXT,
    anonymous BOOLEAN NOT NULL,
    -- JSON: account of a third party
    auth_src TEXT,
    place_id BIGINT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, uid),
    FOREIGN KEY (tenant_id, app_id) REFERENCES device_app (tenant_id, id)
);
CREATE INDEX device_user_by_age ON device_user (tenant_id, app_id, created_at, id);

-- Who uses which device, since when and until when. Rows stay: reports count who ever did.
CREATE TABLE device_binding (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    owner BOOLEAN NOT NULL,
    bound_at BIGINT NOT NULL,
    unbound_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, device_id) REFERENCES device (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES device_user (tenant_id, id)
);
CREATE INDEX device_binding_by_device ON device_binding (tenant_id, device_id, unbound_at);
CREATE INDEX device_binding_by_user ON device_binding (tenant_id, user_id, product_id, bound_at);
CREATE INDEX device_binding_by_product ON device_binding (tenant_id, product_id, bound_at);
