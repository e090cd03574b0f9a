-- What devices say of the machines they sit on.

-- How far the reports of a device are followed. A row counts for its machine only: at another one all begins anew.
CREATE TABLE device_machine (
    tenant_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    equipment_id BIGINT NOT NULL,
    -- state by the last report, NULL when it did not say
    status BIGINT,
    -- when that report was made
    state_at BIGINT NOT NULL,
    -- up to when it is entered among the states of the machine
    entered_until BIGINT NOT NULL,
    -- when the counters were reported last, and how far they are counted; NULL before the first report
    pieces_at BIGINT,
    pieces_mark BIGINT,
    scrap_at BIGINT,
    scrap_mark BIGINT,
    PRIMARY KEY (tenant_id, device_id)
);

-- Pieces that devices counted on a machine, five minutes to a row, or as long as nothing was heard.
CREATE TABLE machine_count (
    tenant_id BIGINT NOT NULL,
    equipment_id BIGINT NOT NULL,
    begin_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    pieces BIGINT NOT NULL,
    -- of those
    scrap BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, equipment_id, begin_at)
);
