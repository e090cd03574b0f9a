//! From the texts of a form to the services' parameters, and their refusals back to the form's fields.

use domain::access::{Access, Area};
use domain::device::machine::{Condition, ConditionRule, MachineRule, StateRule, ValueRule};
use domain::device::service as products;
use domain::device::view::service::get_product;
use domain::device::{CreateProduct, Definition, Protocol, PutDatapoint, UpdateProduct};
use domain::{Ctx, Error, Patch, Result, text};
use serde_json::{Map, Value, json};

use super::{PointForm, RuleForm};

fn given(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) async fn create(
    ctx: &Ctx,
    (name, protocol, key, secret): (String, String, String, String),
) -> Result<i64> {
    // before anything is said about what was sent
    ctx.require(Area::Device, Access::Write)?;
    let protocol = match protocol.as_str() {
        "var_len" => Protocol::Variable,
        "standard" | "" => Protocol::Fixed,
        _ => {
            return Err(Error::invalid(
                "protocol",
                text!("must be standard or var_len", "应为 standard 或 var_len"),
            ));
        }
    };
    let Some(secret) = given(&secret) else {
        // Only its digest is kept: one that nobody saw would be of no use.
        return Err(Error::invalid(
            "product_secret",
            text!(
                "a new product needs a secret; keep it, it is not shown again",
                "新产品需要密钥；请自行保存，之后不再显示"
            ),
        ));
    };
    let params = CreateProduct {
        definition: Some(Definition::build(name.trim(), "", protocol, &[])?.document().clone()),
        name: Some(name),
        product_key: given(&key),
        product_secret: Some(secret),
    };
    Ok(products::create_product(ctx, params).await?.id)
}

pub(super) async fn put_point(ctx: &Ctx, id: i64, was: String, point: PointForm) -> Result<()> {
    ctx.require(Area::Device, Access::Write)?;
    let product_key = get_product(ctx, id).await?.line.product_key;
    let params = PutDatapoint { product_key, was: given(&was), attr: attr(&point)? };
    products::put_datapoint(ctx, params).await.map(drop).map_err(at_field)
}

pub(super) async fn remove_point(ctx: &Ctx, id: i64, name: String) -> Result<()> {
    let product_key = get_product(ctx, id).await?.line.product_key;
    products::remove_datapoint(ctx, product_key, name).await.map(drop)
}

/// The datapoint in the form of a definition. What a form leaves empty is left out.
fn attr(point: &PointForm) -> Result<Map<String, Value>> {
    let number = |field: &str, text: &str| -> Result<Option<Value>> {
        let Some(text) = given(text) else { return Ok(None) };
        match serde_json::from_str::<Value>(&text).ok().filter(Value::is_number) {
            Some(number) => Ok(Some(number)),
            None => Err(Error::invalid(format!("point[{field}]"), text!("must be a number", "应为数字"))),
        }
    };
    let mut attr = Map::new();
    for (key, value) in [("name", &point.name), ("display_name", &point.display_name), ("desc", &point.desc)]
    {
        attr.extend(given(value).map(|text| (key.to_owned(), text.into())));
    }
    attr.insert("type".into(), point.kind.as_str().into());
    attr.insert("data_type".into(), point.data_type.as_str().into());
    match point.data_type.as_str() {
        "enum" => {
            let choices: Vec<String> = point.choices.lines().filter_map(given).collect();
            attr.insert("enum".into(), json!(choices));
        }
        "binary" => {
            attr.insert("position".into(), json!({ "len": number("len", &point.len)? }));
        }
        "bool" => {}
        _ => {
            let fields = [
                ("min", &point.min),
                ("max", &point.max),
                ("ratio", &point.ratio),
                ("addition", &point.addition),
            ];
            let mut spec = Map::new();
            for (field, text) in fields {
                spec.extend(number(field, text)?.map(|number| (field.to_owned(), number)));
            }
            attr.insert("uint_spec".into(), spec.into());
        }
    }
    Ok(attr)
}

/// A refusal at the field of the form that a part of a definition comes from.
fn at_field(error: Error) -> Error {
    let Error::Invalid { param, reason } = error else { return error };
    let field = match param.rsplit('.').next().unwrap_or_default() {
        "type" => "kind",
        field if field.starts_with("enum") => "choices",
        "position" => "len",
        field => field,
    };
    let known =
        ["name", "display_name", "kind", "data_type", "min", "max", "ratio", "addition", "len", "choices"];
    let param = if known.contains(&field) { format!("point[{field}]") } else { param };
    Error::Invalid { param, reason }
}

pub(super) async fn set_rule(ctx: &Ctx, id: i64, form: RuleForm) -> Result<()> {
    ctx.require(Area::Device, Access::Write)?;
    let product_key = get_product(ctx, id).await?.line.product_key;
    let rule = rule(&form)?;
    let nothing = rule == MachineRule::default();
    let machine_rule =
        if nothing { Patch::Clear } else { Patch::Set(serde_json::to_value(rule).map_err(Error::internal)?) };
    let params = UpdateProduct { product_key, machine_rule, ..UpdateProduct::default() };
    products::update_product(ctx, params).await.map(drop).map_err(|error| match error {
        Error::Invalid { param, reason } => {
            let field = match param.as_str() {
                "machine_rule.pieces" => "rule[pieces]",
                "machine_rule.scrap" => "rule[scrap]",
                _ => "rule[from]",
            };
            Error::invalid(field, reason)
        }
        other => other,
    })
}

fn rule(form: &RuleForm) -> Result<MachineRule> {
    let status = |text: &str| -> Result<Option<i64>> {
        let parse = |text: String| {
            text.parse().map_err(|_| {
                Error::invalid("rule[from]", text!("must be a status from 1 to 7", "应为 1 到 7 的状态"))
            })
        };
        given(text).map(parse).transpose()
    };
    let otherwise = status(&form.otherwise)?;
    let mut said = Vec::new();
    for (index, value) in form.values.iter().enumerate() {
        let number = form.statuses.get(index).map_or(Ok(None), |text| status(text))?;
        let turn = form.turns.get(index).and_then(|turn| turn.trim().parse::<i64>().ok());
        said.extend(number.filter(|_| !value.is_empty()).map(|number| (turn, value.as_str(), number)));
    }
    // conditions without a turn come last, in the order of the form
    said.sort_by_key(|(turn, ..)| turn.unwrap_or(i64::MAX));
    let state = match form.from.as_str() {
        "" => None,
        "*" => {
            let condition = |(_, value, status): (_, &str, i64)| {
                let (datapoint, on) = value.rsplit_once('=')?;
                Some(Condition { datapoint: datapoint.to_owned(), value: on == "1", status })
            };
            let conditions = said.into_iter().filter_map(condition).collect();
            Some(StateRule::Conditions(ConditionRule { conditions, otherwise }))
        }
        datapoint => {
            let map = said.into_iter().map(|(_, value, status)| (value.trim().to_owned(), status)).collect();
            Some(StateRule::Values(ValueRule { datapoint: datapoint.to_owned(), map, otherwise }))
        }
    };
    Ok(MachineRule { state, pieces: given(&form.pieces), scrap: given(&form.scrap) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_a_datapoint() {
        let form = PointForm {
            name: " speed ".into(),
            kind: "status_readonly".into(),
            data_type: "uint8".into(),
            max: "100".into(),
            ratio: "0.5".into(),
            choices: "left over".into(),
            ..PointForm::default()
        };
        let expected = json!({"name": "speed", "type": "status_readonly", "data_type": "uint8",
                              "uint_spec": {"max": 100, "ratio": 0.5}});
        assert_eq!(Value::Object(attr(&form).expect("a datapoint")), expected);
        let odd = PointForm { max: "many".into(), ..form };
        assert!(matches!(attr(&odd), Err(Error::Invalid { param, .. }) if param == "point[max]"));
    }

    #[test]
    fn refusals_stand_at_their_fields() {
        for (param, field) in [
            ("uint_spec.max", "point[max]"),
            ("type", "point[kind]"),
            ("enum[2]", "point[choices]"),
            ("position", "point[len]"),
            ("machine_rule.pieces", "machine_rule.pieces"),
        ] {
            let refused = at_field(Error::invalid(param, text!("no", "否")));
            assert!(matches!(refused, Error::Invalid { param, .. } if param == field), "{field}");
        }
    }

    #[test]
    fn conditions_come_in_their_turn() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let form = RuleForm {
            from: "*".into(),
            values: texts(&["run=1", "door=1", "run=0", "fault=1"]),
            statuses: texts(&["1", "6", "", "3"]),
            turns: texts(&["3", "2", "", "1"]),
            otherwise: "7".into(),
            ..RuleForm::default()
        };
        let Some(StateRule::Conditions(found)) = rule(&form).expect("a rule").state else {
            panic!("conditions");
        };
        let order: Vec<_> = found.conditions.iter().map(|one| (one.datapoint.as_str(), one.status)).collect();
        assert_eq!(order, [("fault", 3), ("door", 6), ("run", 1)]);
        assert_eq!(found.otherwise, Some(7));
        let values = RuleForm { from: "mode".into(), ..form };
        let Some(StateRule::Values(found)) = rule(&values).expect("a rule").state else { panic!("values") };
        assert_eq!(found.map.get("run=1"), Some(&1));
        assert_eq!(rule(&RuleForm::default()).expect("no rule"), MachineRule::default());
    }
}
