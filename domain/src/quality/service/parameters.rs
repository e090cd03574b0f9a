//! Key parameters of a report and indicators of a grade: records of metadata that the step is bound to.

use serde_json::Value;

use crate::db::{Conn, Tx};
use crate::masterdata::{record, shown};
use crate::modelling::lookup as model;
use crate::{Ctx, Error, Result, text};

/// Which metadata of a step are meant: the step's attribute of this English name holds their name or id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// Key parameters of a production report.
    TechnocsParam,
    /// Indicators of a grade.
    QualityControl,
}

impl Binding {
    fn attribute(self) -> &'static str {
        match self {
            Self::TechnocsParam => "TechnocsParam",
            Self::QualityControl => "QualityControl",
        }
    }
}

/// A record and its metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Recorded {
    pub(super) data_id: i64,
    pub(super) dap_id: i64,
}

/// What a call says about parameters.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) data_id: Option<i64>,
    pub(super) dap_id: Option<i64>,
    pub(super) columns: Vec<String>,
    pub(super) values: Vec<Value>,
    /// The record that is kept already; sending what it holds again changes nothing.
    pub(super) kept: Option<i64>,
}

/// Stores what is given: columns make a record, a `dapId` alone refers to one that is there.
pub(super) async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    step_id: i64,
    binding: Binding,
    given: Given,
) -> Result<Option<Recorded>> {
    let Given { data_id, dap_id, columns, values, kept } = given;
    if columns.len() != values.len() {
        let (has, wanted) = (values.len(), columns.len());
        return Err(Error::invalid(
            "columnData",
            text!("has {has} values for {wanted} columns", "有 {has} 个值，列数为 {wanted}"),
        ));
    }
    let named = |wanted: &str| wanted.to_owned();
    let param = match (columns.is_empty(), dap_id, data_id) {
        (true, None, None) => return Ok(None),
        (false, _, _) => named("columns"),
        (true, Some(_), _) => named("dapId"),
        (true, None, Some(_)) => named("dataId"),
    };
    let bound = bound_metadata(tx, ctx.tenant_id(), step_id, binding).await?.ok_or_else(|| {
        let attribute = binding.attribute();
        Error::invalid(
            param,
            text!(
                "the step has no {attribute}: give it an attribute of that name with the name of the metadata",
                "该步骤未绑定 {attribute}：请为其添加同名属性，值为元数据名称"
            ),
        )
    })?;
    if data_id.is_some_and(|id| id != bound) {
        return Err(Error::invalid(
            "dataId",
            text!("must be {bound}, which the step is bound to", "应为该步骤绑定的元数据 {bound}"),
        ));
    }
    if !columns.is_empty() {
        if let Some(dap_id) = kept
            && holds(tx, ctx.tenant_id(), bound, dap_id, &columns, &values).await?
        {
            return Ok(Some(Recorded { data_id: bound, dap_id }));
        }
        let dap_ids = record::insert_values(ctx, tx, bound, &columns, &[values]).await?;
        return Ok(dap_ids.first().map(|&dap_id| Recorded { data_id: bound, dap_id }));
    }
    let Some(dap_id) = dap_id else { return Ok(None) };
    let found = shown::record_kind(tx, ctx.tenant_id(), dap_id).await?;
    if found.is_none_or(|record| record.metadata_id != bound) {
        return Err(Error::unknown(
            "dapId",
            text!("record {dap_id} of metadata {bound}", "元数据 {bound} 的记录 {dap_id} "),
        ));
    }
    Ok(Some(Recorded { data_id: bound, dap_id }))
}

/// Whether a record of this metadata holds these values already.
async fn holds(
    conn: &mut Conn,
    tenant_id: i64,
    metadata_id: i64,
    dap_id: i64,
    columns: &[String],
    values: &[Value],
) -> Result<bool> {
    let Some((data_id, table)) = record::record_json(conn, tenant_id, dap_id).await? else {
        return Ok(false);
    };
    let Some(row) = table.data.first() else { return Ok(false) };
    let stored = |column: &String| {
        let at = table.nodes.iter().position(|node| node == column)?;
        row.get(at)?.clone()
    };
    let wanted = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    };
    let same = columns.iter().zip(values).all(|(column, value)| stored(column) == wanted(value));
    Ok(data_id == metadata_id && same)
}

/// The metadata that a step is bound to.
async fn bound_metadata(
    conn: &mut Conn,
    tenant_id: i64,
    step_id: i64,
    binding: Binding,
) -> Result<Option<i64>> {
    let value = model::attribute_value(conn, tenant_id, step_id, binding.attribute()).await?;
    let Some(value) = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    if let Some(metadata) = record::metadata_by_name(conn, tenant_id, &value).await? {
        return Ok(Some(metadata.id));
    }
    match value.parse() {
        Ok(id) => Ok(record::metadata_by_id(conn, tenant_id, id).await?.map(|metadata| metadata.id)),
        Err(_) => Ok(None),
    }
}
