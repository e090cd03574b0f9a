-- What the list of devices is read by: one narrow index answers its counts and its map, one its usual order.
CREATE INDEX device_by_facet ON device
    (tenant_id, disabled, product_id, group_id, place_id, online, open_faults, open_alarms, longitude, latitude, id);
CREATE INDEX device_by_creation ON device (tenant_id, disabled, created_at, id);
-- What is open or was lately, of a few devices.
CREATE INDEX device_event_by_end ON device_event (tenant_id, device_id, resolved_at);
