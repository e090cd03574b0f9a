//! What may refer to a node: each area adds one entry for each table of its own that does.

use crate::db::{Conn, sql};
use crate::{Result, Text, text};

use super::{Model, Node, NodeKind, Referrer};

/// One kind of record that refers to nodes of a model.
struct Reference {
    model: Model,
    /// What it is called for people, in the plural.
    what: fn() -> Text,
    /// Counts the records of tenant `$1` that refer to the node `$2`: one CAST(… AS BIGINT).
    count: &'static str,
}

const REFERENCES: &[Reference] = &[
    Reference {
        model: Model::Factory,
        what: || text!("process-model links", "工艺关联"),
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM node_dependence WHERE tenant_id = $1 AND factory_node_id = $2",
    },
    Reference {
        model: Model::Factory,
        what: || text!("master-data records", "主数据记录"),
        // A level-5 node shares its id with a record: only properties that mean the node count.
        count: "SELECT CAST(COUNT(DISTINCT v.record_id) AS BIGINT) FROM masterdata_value v
                JOIN metadata_property p ON p.tenant_id = v.tenant_id AND p.id = v.property_id
                WHERE v.tenant_id = $1 AND v.ref_id = $2 AND p.kind = 'FACTORY'",
    },
    Reference {
        model: Model::Factory,
        what: || text!("shifts", "班次"),
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM calendar_shift WHERE tenant_id = $1 AND node_id = $2",
    },
    Reference {
        model: Model::Factory,
        what: || text!("planned shutdowns", "计划停机"),
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM planned_shutdown WHERE tenant_id = $1 AND node_id = $2",
    },
    Reference {
        model: Model::Factory,
        what: || text!("production reports", "生产报工"),
        // Reports number their units from 0; the index begins with that number.
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM production_report
                WHERE tenant_id = $1 AND unit_id = $2
                  AND unit_type = (SELECT level - 1 FROM factory_node WHERE tenant_id = $1 AND id = $2)",
    },
    Reference {
        model: Model::Factory,
        what: || text!("state reports", "设备状态记录"),
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM state_report WHERE tenant_id = $1 AND equipment_id = $2",
    },
    Reference {
        model: Model::Process,
        what: || text!("production reports", "生产报工"),
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM production_report WHERE tenant_id = $1 AND step_id = $2",
    },
    Reference {
        model: Model::Process,
        what: || text!("quality controls", "质检记录"),
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM quality_control WHERE tenant_id = $1 AND step_id = $2",
    },
    Reference {
        model: Model::Process,
        what: || text!("master-data records", "主数据记录"),
        count: "SELECT CAST(COUNT(DISTINCT record_id) AS BIGINT) FROM masterdata_value
                WHERE tenant_id = $1 AND ref_id = $2",
    },
];

/// Everything that refers to this node, its children first; kinds that do not are left out.
pub(super) async fn referring_to(conn: &mut Conn, tenant_id: i64, node: &Node) -> Result<Vec<Referrer>> {
    let model = node.kind.model();
    let children = match model {
        Model::Factory => {
            "SELECT CAST(COUNT(*) AS BIGINT) FROM factory_node WHERE tenant_id = $1 AND parent_id = $2"
        }
        Model::Process => {
            "SELECT CAST(COUNT(*) AS BIGINT) FROM process_node WHERE tenant_id = $1 AND parent_id = $2"
        }
    };
    let entries: Vec<&Reference> = REFERENCES.iter().filter(|entry| entry.model == model).collect();
    let mut statement = sql("SELECT place, found FROM (SELECT -1 AS place, (")
        .push(children)
        .push(") AS found")
        .bind(tenant_id)
        .bind(node.id);
    for (place, entry) in (0_i64..).zip(&entries) {
        statement = statement.push(" UNION ALL SELECT ").arg(place).push(", (").push(entry.count).push(")");
    }
    let rows: Vec<(i64, i64)> = statement.push(") counts WHERE found > 0 ORDER BY place").all(conn).await?;
    let what = |place: i64| match usize::try_from(place).ok().and_then(|place| entries.get(place)) {
        Some(entry) => (entry.what)(),
        None => children_of(node.kind),
    };
    Ok(rows.into_iter().map(|(place, count)| Referrer { what: what(place), count }).collect())
}

fn children_of(kind: NodeKind) -> Text {
    let Text { en, zh } = kind.child().unwrap_or(kind).title();
    text!("child nodes ({en})", "下级节点（{zh}）")
}
