-- What was produced: by which step, of which material, where and when (11.17). Codes stay as they were reported;
-- ids point to the things they meant.
CREATE TABLE production_report (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    unique_code TEXT NOT NULL,
    material_id BIGINT NOT NULL,
    material_code TEXT NOT NULL,
    step_id BIGINT NOT NULL,
    step_code TEXT NOT NULL,
    begin_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    out_put DOUBLE PRECISION NOT NULL,
    -- 0 factory, 1 workshop, 2 line, 3 machining center, 4 equipment; all three NULL when no unit was named
    unit_type BIGINT,
    unit_id BIGINT,
    unit_code TEXT,
    -- The record with the key parameters, and its metadata.
    data_id BIGINT,
    dap_id BIGINT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Pages, newest first, and their total.
CREATE INDEX production_report_by_creation ON production_report (tenant_id, created_at, id);
-- The reports of a code and step: controls, spreading, trace.
CREATE INDEX production_report_by_code ON production_report (tenant_id, unique_code, step_id);
-- The pieces of a machine in a window; a window is nearer to the newest end than to the oldest.
CREATE INDEX production_report_by_unit ON production_report (tenant_id, unit_type, unit_id, end_at);
-- Whether a step or a material is in use.
CREATE INDEX production_report_by_step ON production_report (tenant_id, step_id);
CREATE INDEX production_report_by_material ON production_report (tenant_id, material_id);

-- An inspection of what was reported for a code and step (11.7).
CREATE TABLE quality_control (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    unique_code TEXT NOT NULL,
    step_id BIGINT NOT NULL,
    step_code TEXT NOT NULL,
    begin_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    checker_id BIGINT NOT NULL,
    out_put DOUBLE PRECISION NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX quality_control_by_creation ON quality_control (tenant_id, created_at, id);
CREATE INDEX quality_control_by_code ON quality_control (tenant_id, unique_code, step_id);
CREATE INDEX quality_control_by_step ON quality_control (tenant_id, step_id);
CREATE INDEX quality_control_by_checker ON quality_control (tenant_id, checker_id);

-- What an inspection found: an amount of one grade, passed or failed (11.1).
CREATE TABLE quality_grade (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    control_id BIGINT NOT NULL,
    grade BIGINT NOT NULL,
    is_passed BOOLEAN NOT NULL,
    batch_number TEXT NOT NULL,
    out_put DOUBLE PRECISION NOT NULL,
    -- The record with the quality indicators, and its metadata.
    data_id BIGINT,
    dap_id BIGINT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, control_id) REFERENCES quality_control (tenant_id, id)
);
CREATE INDEX quality_grade_by_creation ON quality_grade (tenant_id, created_at, id);
CREATE INDEX quality_grade_by_control ON quality_grade (tenant_id, control_id);
