-- Number of the last report on a machine. Its row is also what two reports on one machine wait for.
CREATE TABLE state_sequence (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    equipment_id BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, equipment_id)
);

-- What was said about the state of a machine, as it came (5.1). Rows are never changed: a correction is a later report.
CREATE TABLE state_report (
    tenant_id BIGINT NOT NULL,
    equipment_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    -- 1 running, 2 planned stop, 3 fault, 4 changeover, 5 no material, 6 safety stop, 7 other
    status BIGINT NOT NULL,
    begin_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    cause TEXT,
    reported_at BIGINT NOT NULL,
    reported_by TEXT NOT NULL,
    employee_id BIGINT,
    PRIMARY KEY (tenant_id, equipment_id, sequence)
);

-- What follows from the reports: for each machine, states that do not overlap. Can be rebuilt by replaying them.
CREATE TABLE machine_state (
    tenant_id BIGINT NOT NULL,
    equipment_id BIGINT NOT NULL,
    begin_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    status BIGINT NOT NULL,
    cause TEXT,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, equipment_id, begin_at)
);
