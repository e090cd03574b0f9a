-- What the reports over a fleet read, in the order they read it: each of them from an index alone.

DROP INDEX device_by_state;
CREATE INDEX device_by_state ON device
    (tenant_id, product_id, disabled, place_id, online, open_faults, open_alarms, activated_at, group_id);

DROP INDEX device_by_activation;
CREATE INDEX device_by_activation ON device (tenant_id, product_id, activated_at, id, place_id);

DROP INDEX device_by_group;
CREATE INDEX device_by_group ON device (tenant_id, group_id, id);

CREATE INDEX device_activity_by_place ON device_activity (tenant_id, product_id, month, place_id, days, device_id);

CREATE INDEX device_event_by_place ON device_event (tenant_id, product_id, kind, place_id, name, resolved_at, device_id);

CREATE INDEX device_binding_by_use ON device_binding (tenant_id, product_id, user_id, bound_at, unbound_at, device_id);
