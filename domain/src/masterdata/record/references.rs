//! What the references in cells point to.

use std::collections::{HashMap, HashSet};

use super::Cell;
use crate::db::{Conn, Tx};
use crate::masterdata::cell::Atom;
use crate::masterdata::store::nodes::{self, NodeRow};
use crate::masterdata::store::records::{self, NewValue};
use crate::masterdata::{Property, PropertyType};
use crate::{Error, Result, text};

/// Where a reference leads: to records of these metadata, or to nodes on this level of a model.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Target {
    Records(i64),
    Factory(i64),
    Process(i64),
}

impl Target {
    fn of(property: &Property) -> Option<Self> {
        let limit = &property.limit;
        let level = |levels: &[&str], name: &Option<String>| {
            let place = levels.iter().position(|level| name.as_deref() == Some(*level))?;
            i64::try_from(place + 1).ok()
        };
        match property.kind {
            PropertyType::MasterData => limit.data_id.map(Self::Records),
            PropertyType::Factory => {
                level(&["FACTORY", "WORKSHOP", "BELTLINE", "MACHINING_CENTER"], &limit.factory_type)
                    .map(Self::Factory)
            }
            PropertyType::Technology => {
                level(&["TECHNOLOGY", "PROCESS", "STEP"], &limit.technology_type).map(Self::Process)
            }
            PropertyType::Warehouse
            | PropertyType::Integer
            | PropertyType::Double
            | PropertyType::String
            | PropertyType::Enum
            | PropertyType::Boolean => None,
        }
    }
}

/// What the references of some cells point to.
#[derive(Default)]
pub(crate) struct Resolved(HashMap<(Target, String), i64>);

impl Resolved {
    /// Finds them all, with one query for each kind of thing referred to. What is archived is not found.
    pub(crate) async fn of_cells<'c, 'm: 'c>(
        conn: &mut Conn,
        tenant_id: i64,
        cells: impl Iterator<Item = &'c Cell<'m>>,
    ) -> Result<Self> {
        let mut records_of: HashMap<i64, HashSet<&str>> = HashMap::new();
        let mut factory: HashSet<&str> = HashSet::new();
        let mut process: HashSet<&str> = HashSet::new();
        for cell in cells {
            let texts = cell.atoms.iter().map(|atom| atom.text.as_str());
            match Target::of(cell.property) {
                Some(Target::Records(id)) => records_of.entry(id).or_default().extend(texts),
                Some(Target::Factory(_)) => factory.extend(texts),
                Some(Target::Process(_)) => process.extend(texts),
                None => {}
            }
        }
        let mut found = HashMap::new();
        for (id, keys) in records_of {
            let keys: Vec<&str> = keys.into_iter().collect();
            let rows = records::by_keys(conn, tenant_id, id, &keys).await?;
            let usable = rows.into_iter().filter(|row| !row.archived);
            found.extend(usable.map(|row| ((Target::Records(id), row.unique_key), row.id)));
        }
        let key = |target: fn(i64) -> Target| move |node: NodeRow| ((target(node.level), node.code), node.id);
        if !factory.is_empty() {
            let codes: Vec<&str> = factory.into_iter().collect();
            found
                .extend(nodes::factory(conn, tenant_id, &codes).await?.into_iter().map(key(Target::Factory)));
        }
        if !process.is_empty() {
            let codes: Vec<&str> = process.into_iter().collect();
            found
                .extend(nodes::process(conn, tenant_id, &codes).await?.into_iter().map(key(Target::Process)));
        }
        Ok(Self(found))
    }

    /// The rows to be stored for one cell of a record.
    pub(crate) fn values(&self, record_id: i64, cell: &Cell<'_>) -> Result<Vec<NewValue>> {
        let values = cell.atoms.iter().zip(0_i64..).map(|(atom, seq)| {
            let ref_id = self.target(cell, atom)?;
            Ok(NewValue { record_id, property_id: cell.property.id, seq, atom: atom.clone(), ref_id })
        });
        values.collect()
    }

    fn target(&self, cell: &Cell<'_>, atom: &Atom) -> Result<Option<i64>> {
        let key = &atom.text;
        let what = match cell.property.kind {
            PropertyType::Integer
            | PropertyType::Double
            | PropertyType::String
            | PropertyType::Enum
            | PropertyType::Boolean => return Ok(None),
            PropertyType::MasterData => text!("record {key}", "记录 {key} "),
            PropertyType::Factory | PropertyType::Technology => text!("node {key}", "节点 {key} "),
            PropertyType::Warehouse => text!("warehouse {key}", "仓库 {key} "),
        };
        let found = Target::of(cell.property).and_then(|target| self.0.get(&(target, key.clone())));
        found.copied().map(Some).ok_or_else(|| Error::unknown(&cell.param, what))
    }
}

/// Writes the new code of a node wherever records refer to it.
pub(crate) async fn node_renamed(tx: &mut Tx, tenant_id: i64, node_id: i64, code: &str) -> Result<()> {
    nodes::renamed(tx, tenant_id, node_id, code).await
}
