-- The factory model. Level 1 factory, 2 workshop, 3 production line, 4 machining center, 5 equipment; the id of a
-- level-5 node is the id of the equipment's master record.
CREATE TABLE factory_node (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    -- NULL on level 1; a parent is always one level above
    parent_id BIGINT,
    level BIGINT NOT NULL,
    -- on level 5 the asset number
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    order_index BIGINT,
    -- unpublish, publish, archive
    flag TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES factory_node (tenant_id, id)
);
CREATE INDEX factory_node_by_parent ON factory_node (tenant_id, parent_id);
CREATE INDEX factory_node_by_level ON factory_node (tenant_id, level, created_at);

-- The process model. Level 1 technology, 2 process, 3 step.
CREATE TABLE process_node (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    parent_id BIGINT,
    level BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    order_index BIGINT,
    flag TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES process_node (tenant_id, id)
);
CREATE INDEX process_node_by_parent ON process_node (tenant_id, parent_id);
CREATE INDEX process_node_by_level ON process_node (tenant_id, level, created_at);

-- Attributes of nodes of either model: node ids are unique across both.
CREATE TABLE node_attribute (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    node_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    en_name TEXT NOT NULL,
    value TEXT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, node_id, en_name),
    UNIQUE (tenant_id, node_id, name)
);

-- A technology runs on production lines, a process on machining centers.
CREATE TABLE node_dependence (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id),
    id BIGINT NOT NULL,
    process_node_id BIGINT NOT NULL,
    factory_node_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, process_node_id, factory_node_id),
    FOREIGN KEY (tenant_id, process_node_id) REFERENCES process_node (tenant_id, id),
    FOREIGN KEY (tenant_id, factory_node_id) REFERENCES factory_node (tenant_id, id)
);
CREATE INDEX node_dependence_by_factory_node ON node_dependence (tenant_id, factory_node_id);
