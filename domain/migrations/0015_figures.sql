-- Figures of hours and days, and what the removal of old records reads.

-- The first value of an hour or a day; the last is there already.
ALTER TABLE device_figure ADD COLUMN first DOUBLE PRECISION NOT NULL DEFAULT 0;

-- Grows when something else arrives for the hour, so that whoever made its figures meanwhile makes them again.
ALTER TABLE device_dirty_hour ADD COLUMN turn BIGINT NOT NULL DEFAULT 1;
CREATE INDEX device_dirty_hour_by_age ON device_dirty_hour (tenant_id, hour_at, device_id);

-- Days whose figures are to be made (again) from those of their hours.
CREATE TABLE device_dirty_day (
    tenant_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    -- when the day begins in the plant's zone
    day_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, device_id, day_at)
);
CREATE INDEX device_dirty_day_by_age ON device_dirty_day (tenant_id, day_at, device_id);

-- JSON: the datapoints that say where a device is; NULL for none.
ALTER TABLE product ADD COLUMN position_rule TEXT;
