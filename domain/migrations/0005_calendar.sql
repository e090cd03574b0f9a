-- Shifts: wall times of the plant, HH:mm:ss; an end at or before the begin is on the next day.
CREATE TABLE calendar_shift (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    node_id BIGINT NOT NULL,
    -- 1 factory to 5 equipment; a node never changes its level
    node_level BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    begin_time TEXT NOT NULL,
    end_time TEXT NOT NULL,
    -- yyyy-MM-dd, both included; NULL is unlimited
    first_date TEXT,
    last_date TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX calendar_shift_by_node ON calendar_shift (tenant_id, node_id);

-- Pauses inside a shift.
CREATE TABLE calendar_break (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    shift_id BIGINT NOT NULL,
    -- 1 meeting, 2 rest, 3 meal
    kind BIGINT NOT NULL,
    begin_time TEXT NOT NULL,
    end_time TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, shift_id) REFERENCES calendar_shift (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX calendar_break_by_shift ON calendar_break (tenant_id, shift_id);

CREATE TABLE planned_shutdown (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    node_id BIGINT NOT NULL,
    node_level BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    -- once: instants; weekly: all three of the others
    begin_at BIGINT,
    end_at BIGINT,
    -- 1 Monday to 7 Sunday
    day_of_week BIGINT,
    begin_time TEXT,
    end_time TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX planned_shutdown_by_node ON planned_shutdown (tenant_id, node_id);
