//! From what a caller writes to a condition that fits.

use serde_json::Value as Json;

use super::{Column, Condition, ConditionParam, MAX_DEPTH, MAX_NODES, MAX_OPERANDS, Pattern, Test};
use crate::masterdata::cell::{self, Atom};
use crate::masterdata::{Metadata, Property, PropertyType};
use crate::{Error, Result, text};

impl Condition {
    /// Reads a condition on records of these metadata; `param` is the parameter it was given by.
    pub fn read(param: &str, written: &ConditionParam, metadata: &Metadata) -> Result<Self> {
        Reader { metadata, nodes: 0, operands: 0 }.condition(param, written, 1)
    }
}

struct Reader<'m> {
    metadata: &'m Metadata,
    nodes: usize,
    operands: usize,
}

impl<'m> Reader<'m> {
    fn condition(&mut self, param: &str, written: &ConditionParam, depth: usize) -> Result<Condition> {
        if depth > MAX_DEPTH {
            return Err(Error::invalid(
                "condition",
                text!("is nested more than {MAX_DEPTH} levels deep", "嵌套不能超过 {MAX_DEPTH} 层"),
            ));
        }
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Error::invalid(
                "condition",
                text!("holds more than {MAX_NODES} conditions", "条件不能超过 {MAX_NODES} 个"),
            ));
        }
        let op = written.op.as_deref().unwrap_or_default();
        match op {
            "AND" => Ok(Condition::All(self.children(param, written, depth)?)),
            "OR" => Ok(Condition::Any(self.children(param, written, depth)?)),
            "" => Err(Error::missing(format!("{param}.op"))),
            _ => self.test(param, written, op),
        }
    }

    fn children(&mut self, param: &str, written: &ConditionParam, depth: usize) -> Result<Vec<Condition>> {
        let children = written.condition.as_deref().unwrap_or_default();
        let param = format!("{param}.condition");
        if children.is_empty() {
            return Err(Error::invalid(
                param,
                text!("AND and OR need conditions to join", "AND 和 OR 需要子条件"),
            ));
        }
        let children = children.iter().enumerate();
        children.map(|(i, child)| self.condition(&format!("{param}[{i}]"), child, depth + 1)).collect()
    }

    fn test(&mut self, param: &str, written: &ConditionParam, op: &str) -> Result<Condition> {
        const OPS: &str = "AND, OR, EQUAL, NOT_EQUAL, LESS_EQUAL, GREATER_EQUAL, LESS, GREATER, IN, NOT_IN, LIKE, \
                           NOT_LIKE, NOTNULL, ISNULL";
        let col = written.col.as_deref().unwrap_or_default();
        if col.is_empty() {
            return Err(Error::missing(format!("{param}.col")));
        }
        let (column, property) = self.column(&format!("{param}.col"), col)?;
        let value = format!("{param}.value");
        let test = match op {
            "NOTNULL" => Test::NotNull,
            "ISNULL" => Test::IsNull,
            "EQUAL" => Test::In(vec![operand(column, property, written, &value)?]),
            "NOT_EQUAL" => Test::NotIn(vec![operand(column, property, written, &value)?]),
            "LESS" => Test::Less { than: operand(column, property, written, &value)?, or_equal: false },
            "LESS_EQUAL" => Test::Less { than: operand(column, property, written, &value)?, or_equal: true },
            "GREATER" => Test::Greater { than: operand(column, property, written, &value)?, or_equal: false },
            "GREATER_EQUAL" => {
                Test::Greater { than: operand(column, property, written, &value)?, or_equal: true }
            }
            "IN" => Test::In(self.list(column, property, written, &value)?),
            "NOT_IN" => Test::NotIn(self.list(column, property, written, &value)?),
            "LIKE" => Test::Like(pattern(written, &value)?),
            "NOT_LIKE" => Test::NotLike(pattern(written, &value)?),
            _ => {
                return Err(Error::invalid(
                    format!("{param}.op"),
                    text!("must be one of {OPS}", "应为以下之一：{OPS}"),
                ));
            }
        };
        Ok(Condition::Test(column, test))
    }

    fn column(&self, param: &str, col: &str) -> Result<(Column, Option<&'m Property>)> {
        match col {
            "dap_id_" => return Ok((Column::Id, None)),
            "dap_status_" => return Ok((Column::Status, None)),
            "dap_row_version_" => return Ok((Column::Version, None)),
            _ => {}
        }
        let property = self.metadata.property(col).ok_or_else(|| {
            let name = &self.metadata.name;
            let col: String = col.chars().take(64).collect();
            Error::invalid(param, text!("{name} has no property {col}", "{name} 没有属性 {col}"))
        })?;
        Ok((Column::Property { id: property.id, number: property.kind.is_number() }, Some(property)))
    }

    fn list(
        &mut self,
        column: Column,
        property: Option<&Property>,
        written: &ConditionParam,
        param: &str,
    ) -> Result<Vec<Atom>> {
        let values = match &written.value {
            None | Some(Json::Null) => return Err(Error::missing(param)),
            Some(Json::Array(values)) => values.clone(),
            // The contract types `value` as a text: a list may arrive as one.
            Some(Json::String(listed)) if listed.trim_start().starts_with('[') => {
                serde_json::from_str(listed).unwrap_or_else(|_| vec![Json::from(listed.as_str())])
            }
            Some(value) => vec![value.clone()],
        };
        self.operands += values.len();
        if self.operands > MAX_OPERANDS {
            return Err(Error::invalid(
                param,
                text!("lists hold more than {MAX_OPERANDS} values", "列表的值不能超过 {MAX_OPERANDS} 个"),
            ));
        }
        let values = values.iter().enumerate();
        values.map(|(i, value)| atom(column, property, value, &format!("{param}[{i}]"))).collect()
    }
}

fn operand(
    column: Column,
    property: Option<&Property>,
    written: &ConditionParam,
    param: &str,
) -> Result<Atom> {
    match &written.value {
        None | Some(Json::Null) => Err(Error::invalid(
            param,
            text!("is required; ISNULL asks for records without a value", "必填；查询空值请使用 ISNULL"),
        )),
        Some(value) => atom(column, property, value, param),
    }
}

fn atom(column: Column, property: Option<&Property>, value: &Json, param: &str) -> Result<Atom> {
    match (column, property) {
        // An INTEGER may be compared with 2.5.
        (Column::Property { number: true, .. }, _) => cell::atom(PropertyType::Double, value, param),
        (Column::Id, _) => cell::atom(PropertyType::Integer, value, param),
        (_, Some(property)) => cell::atom(property.kind, value, param),
        (_, None) => cell::atom(PropertyType::String, value, param),
    }
}

fn pattern(written: &ConditionParam, param: &str) -> Result<Pattern> {
    match &written.value {
        None | Some(Json::Null) => Err(Error::missing(param)),
        Some(value) => Ok(Pattern::read(&cell::atom(PropertyType::String, value, param)?.text)),
    }
}
