//! Materials and people for the areas that stand on them.

use std::collections::HashMap;

use super::builtin::{self, property};
use super::store::records::{self, RecordRow, ValueRow};
use super::{Material, Person};
use crate::Result;
use crate::db::Conn;

/// The material with this code, archived or not.
pub async fn material_by_code(conn: &mut Conn, tenant_id: i64, code: &str) -> Result<Option<Material>> {
    Ok(materials_by_codes(conn, tenant_id, &[code]).await?.pop())
}

/// The materials with these codes, archived or not, newest first; unknown codes are left out.
pub async fn materials_by_codes(conn: &mut Conn, tenant_id: i64, codes: &[&str]) -> Result<Vec<Material>> {
    let rows = records::by_keys(conn, tenant_id, builtin::MATERIAL, codes).await?;
    let values = Loaded::values_of(conn, tenant_id, &rows).await?;
    let materials = rows.into_iter().map(|row| Material {
        dap_id: row.id,
        name: values.text(row.id, property::MATERIAL_NAME),
        unit: values.text(row.id, property::MATERIAL_UNIT),
        archived: row.archived,
        code: row.unique_key,
    });
    Ok(materials.collect())
}

/// The person with this work number (the property `id` of 人员), archived or not.
pub async fn person_by_id(conn: &mut Conn, tenant_id: i64, work_number: &str) -> Result<Option<Person>> {
    Ok(persons_by_ids(conn, tenant_id, &[work_number]).await?.pop())
}

/// The people with these work numbers, archived or not, newest first; unknown numbers are left out.
pub async fn persons_by_ids(conn: &mut Conn, tenant_id: i64, work_numbers: &[&str]) -> Result<Vec<Person>> {
    let rows = records::by_keys(conn, tenant_id, builtin::PERSON, work_numbers).await?;
    let values = Loaded::values_of(conn, tenant_id, &rows).await?;
    let people = rows.into_iter().map(|row| Person {
        dap_id: row.id,
        name: values.text(row.id, property::PERSON_NAME),
        phone: values.text(row.id, property::PERSON_PHONE),
        email: values.text(row.id, property::PERSON_EMAIL),
        archived: row.archived,
        work_number: row.unique_key,
    });
    Ok(people.collect())
}

/// The first values of some records, by record and property.
#[derive(Default)]
pub(super) struct Loaded(HashMap<(i64, i64), ValueRow>);

impl Loaded {
    pub(super) async fn values_of(conn: &mut Conn, tenant_id: i64, rows: &[RecordRow]) -> Result<Self> {
        if rows.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut found = HashMap::new();
        for value in records::values(conn, tenant_id, &ids).await? {
            found.entry((value.record_id, value.property_id)).or_insert(value);
        }
        Ok(Self(found))
    }

    pub(super) fn text(&self, record_id: i64, property_id: i64) -> Option<String> {
        self.0.get(&(record_id, property_id)).map(|value| value.value_text.clone())
    }

    pub(super) fn number(&self, record_id: i64, property_id: i64) -> Option<f64> {
        self.0.get(&(record_id, property_id)).and_then(|value| value.value_number)
    }

    pub(super) fn reference(&self, record_id: i64, property_id: i64) -> Option<i64> {
        self.0.get(&(record_id, property_id)).and_then(|value| value.ref_id)
    }

    /// What all these records refer to by this property.
    pub(super) fn references(&self, property_id: i64) -> Vec<i64> {
        let referring = self.0.values().filter(|value| value.property_id == property_id);
        let mut ids: Vec<i64> = referring.filter_map(|value| value.ref_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
