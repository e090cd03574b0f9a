//! What the datapoints of a product mean for a machine: in words, and as a form.

use domain::device::Kind;
use domain::device::machine::{MachineRule, StateRule};
use domain::device::view::{Point, PointType};
use domain::oee::Status;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::product::SetMachineRule;
use crate::pages::oee::kinds;
use crate::ui::{Drafted, FormError, Panel, Select, drafted, failure, link_with, query};
use crate::words::{tu, tu_string, words};

/// Empty lines for values of a number.
const EMPTY_LINES: usize = 3;
const FIELDS: &[&str] = &["rule[pieces]", "rule[scrap]"];

/// The panel: the rule in words, or its form where the address asks for it.
pub struct RulePanel {
    /// Id of the product.
    pub product: i64,
    /// The rule, where there is one.
    pub rule: Option<MachineRule>,
    /// The datapoints.
    pub points: Vec<Point>,
}

impl RulePanel {
    /// Shows it; the form needs what it does.
    pub fn view(self, set: Option<ServerAction<SetMachineRule>>) -> AnyView {
        let w = words();
        let edit = query("edit");
        let writable = set.is_some() && !self.points.is_empty();
        let tools = move || {
            let href = link_with([("edit", Some("machine".to_owned())), ("from", None)]);
            (writable && edit.get() != "machine")
                .then(|| view! { <a class="btn s" href=href>{tu!(words(), device.rule_edit)}</a> })
                .into_any()
        };
        let content = move || match set.filter(|_| writable && edit.get() == "machine") {
            Some(set) => self.form(set),
            None => self.in_words(),
        };
        view! {
            <Panel title=tu_string!(w, device.rule) tools>
                {content}
            </Panel>
        }
        .into_any()
    }

    fn title(&self, name: &str) -> String {
        self.points.iter().find(|point| point.name == name).map_or(name, |point| &point.title).to_owned()
    }

    fn in_words(&self) -> AnyView {
        let w = words();
        let Some(rule) = &self.rule else {
            return view! { <p class="help">{tu!(w, device.rule_none)}</p> }.into_any();
        };
        let means = |what: String, status: i64| {
            view! {
                <dt>{what}</dt>
                <dd>{status_name(status)}</dd>
            }
        };
        let (states, otherwise) = match &rule.state {
            None => (Vec::new(), None),
            Some(StateRule::Values(rule)) => {
                let title = self.title(&rule.datapoint);
                let value = |(value, status): (&String, &i64)| {
                    means(format!("{title}: {}", self.value(&rule.datapoint, value)), *status)
                };
                (rule.map.iter().map(value).collect(), rule.otherwise)
            }
            Some(StateRule::Conditions(rule)) => {
                let condition = |one: &domain::device::machine::Condition| {
                    means(format!("{}: {}", self.title(&one.datapoint), on_off(one.value)), one.status)
                };
                (rule.conditions.iter().map(condition).collect(), rule.otherwise)
            }
        };
        let counter = |label: &'static str, name: &Option<String>| {
            let title = self.title(name.as_ref()?);
            Some(view! {
                <dt>{label}</dt>
                <dd>{title}</dd>
            })
        };
        view! {
            <dl class="dl">
                {states}
                {otherwise.map(|status| means(tu_string!(w, device.rule_otherwise).to_owned(), status))}
                {counter(tu_string!(w, device.rule_pieces), &rule.pieces)}
                {counter(tu_string!(w, device.rule_scrap), &rule.scrap)}
            </dl>
        }
        .into_any()
    }

    /// A value of a datapoint as people read it.
    fn value(&self, name: &str, value: &str) -> String {
        let switch = self.points.iter().any(|point| point.name == name && point.takes == PointType::Bool);
        if switch { on_off(value == "1").to_owned() } else { value.to_owned() }
    }

    /// Where the state comes from: what the address says, else what the rule says.
    fn from(&self) -> String {
        let asked = query("from").get();
        let of_rule = || match self.rule.as_ref().and_then(|rule| rule.state.as_ref()) {
            Some(StateRule::Values(rule)) => rule.datapoint.clone(),
            Some(StateRule::Conditions(_)) => "*".to_owned(),
            None => String::new(),
        };
        match asked.as_str() {
            "" => of_rule(),
            "-" => String::new(),
            _ => asked,
        }
    }

    /// What can be given a status: the value as the form sends it, in words, its status and its turn.
    fn asked(&self, from: &str) -> Vec<(Option<String>, String, Option<i64>)> {
        let state = self.rule.as_ref().and_then(|rule| rule.state.as_ref());
        if from == "*" {
            return self.conditions(match state {
                Some(StateRule::Conditions(rule)) => &rule.conditions,
                _ => &[],
            });
        }
        let Some(point) = self.points.iter().find(|point| point.name == from) else { return Vec::new() };
        let map = match state {
            Some(StateRule::Values(rule)) if rule.datapoint == from => Some(&rule.map),
            _ => None,
        };
        let status = |value: &str| map.and_then(|map| map.get(value)).copied();
        let values = match &point.takes {
            PointType::Bool => vec!["1".to_owned(), "0".to_owned()],
            PointType::Enum(words) => words.clone(),
            _ => {
                let known = map.into_iter().flatten();
                let known = known.map(|(value, status)| (None, value.clone(), Some(*status)));
                let empty = std::iter::repeat_n((None, String::new(), None), EMPTY_LINES);
                return known.chain(empty).collect();
            }
        };
        let line = |value: String| {
            let status = status(&value);
            (Some(self.value(from, &value)), value, status)
        };
        values.into_iter().map(line).collect()
    }

    /// Conditions of the rule in their order, then those it does not name: faults, alarms, switches.
    fn conditions(
        &self,
        stored: &[domain::device::machine::Condition],
    ) -> Vec<(Option<String>, String, Option<i64>)> {
        let key = |name: &str, on: bool| format!("{name}={}", u8::from(on));
        let words = |name: &str, on: bool| Some(format!("{}: {}", self.title(name), on_off(on)));
        let mut lines: Vec<_> = stored
            .iter()
            .map(|one| (words(&one.datapoint, one.value), key(&one.datapoint, one.value), Some(one.status)))
            .collect();
        let kinds = [Kind::Fault, Kind::Alert, Kind::ReadOnly, Kind::Writable];
        for point in kinds.iter().flat_map(|kind| self.points.iter().filter(move |point| point.kind == *kind))
        {
            let trouble = matches!(point.kind, Kind::Fault | Kind::Alert);
            for on in [true, false] {
                let key = key(&point.name, on);
                let new = !lines.iter().any(|(_, known, _)| *known == key);
                if point.takes == PointType::Bool && new && (on || !trouble) {
                    lines.push((words(&point.name, on), key, None));
                }
            }
        }
        lines
    }

    fn form(&self, set: ServerAction<SetMachineRule>) -> AnyView {
        let w = words();
        let error = failure(set);
        let from = self.from();
        let conditions = from == "*";
        let lines: Vec<_> = self
            .asked(&from)
            .into_iter()
            .enumerate()
            .map(|(index, line)| asked_line(index, line, conditions))
            .collect();
        let none = vec![(String::new(), tu_string!(w, device.rule_no_counter).to_owned())];
        let numbers = self.points.iter().filter(|point| point.is_number());
        let counters: Vec<_> =
            none.into_iter().chain(numbers.map(|point| (point.name.clone(), point.title.clone()))).collect();
        let rule = self.rule.clone().unwrap_or_default();
        let otherwise = match &rule.state {
            Some(StateRule::Values(rule)) => rule.otherwise,
            Some(StateRule::Conditions(rule)) => rule.otherwise,
            None => None,
        };
        let help =
            if conditions { tu_string!(w, device.rule_turn_help) } else { tu_string!(w, device.rule_help) };
        let (product, sources) = (self.product, self.sources(&from));
        let back = format!("/products/{product}");
        let states = (!lines.is_empty()).then(|| {
            view! {
                <div class="rule-lines">{lines}</div>
                <Select
                    name="rule[otherwise]"
                    label=tu_string!(w, device.rule_otherwise)
                    options=statuses()
                    value=otherwise.map(|status| status.to_string()).unwrap_or_default()
                />
                <p class="help">{help}</p>
            }
        });
        view! {
            <div class="stack2">
                {sources}
                <ActionForm action=set attr:class="stack2">
                    <Drafted path=SetMachineRule::PATH>
                        <input type="hidden" name="id" value=product />
                        <input type="hidden" name="rule[from]" value=from />
                        {states}
                        <Select
                            name="rule[pieces]"
                            label=tu_string!(w, device.rule_pieces)
                            options=counters.clone()
                            value=rule.pieces.unwrap_or_default()
                            error
                        />
                        <Select
                            name="rule[scrap]"
                            label=tu_string!(w, device.rule_scrap)
                            options=counters
                            value=rule.scrap.unwrap_or_default()
                            error
                        />
                        <FormError error fields=FIELDS />
                        <div class="acts">
                            <button
                                class="btn primary"
                                type="submit"
                                aria-disabled=move || set.pending().get().then_some("true")
                            >
                                {tu!(w, common.save)}
                            </button>
                            <a class="btn quiet" href=back>
                                {tu!(w, common.cancel)}
                            </a>
                        </div>
                    </Drafted>
                </ActionForm>
            </div>
        }
        .into_any()
    }

    /// Links to what the state can come from.
    fn sources(&self, from: &str) -> AnyView {
        let w = words();
        let link = |to: &str, name: String| {
            let href = link_with([("from", Some(to.to_owned()))]);
            let now = to == from || (to == "-" && from.is_empty());
            view! {
                <a class=if now { "chip" } else { "btn s" } aria-current=now.then_some("true") href=href>
                    {name}
                </a>
            }
        };
        let whole = |point: &&Point| point.takes != PointType::Binary;
        let status = |point: &&Point| matches!(point.kind, Kind::Writable | Kind::ReadOnly);
        let points = self.points.iter().filter(whole).filter(status);
        let points = points.map(|point| link(&point.name, point.title.clone())).collect_view();
        let switches = self.points.iter().any(|point| point.takes == PointType::Bool);
        view! {
            <div class="field">
                <span class="label">{tu!(w, device.rule_from)}</span>
                <div class="row wrap">
                    {link("-", tu_string!(w, device.rule_from_none).to_owned())}
                    {switches.then(|| link("*", tu_string!(w, device.rule_from_conditions).to_owned()))} {points}
                </div>
            </div>
        }
        .into_any()
    }
}

/// A value and its status; a value of a number is typed in, and a condition has its turn.
fn asked_line(
    index: usize,
    (shown, value, status): (Option<String>, String, Option<i64>),
    turn: bool,
) -> AnyView {
    let w = words();
    let name = |field: &str| format!("rule[{field}][{index}]");
    let chosen = drafted(&name("statuses"), status.map(|status| status.to_string()).unwrap_or_default());
    let label = match &shown {
        Some(shown) => tu_string!(w, device.rule_status_of, name = shown.clone()).to_string(),
        None => tu_string!(w, device.rule_status).to_owned(),
    };
    let options = statuses().into_iter().map(|(key, words)| {
        let selected = key == chosen;
        view! {
            <option value=key selected=selected>
                {words}
            </option>
        }
    });
    let options = options.collect_view();
    let value = if let Some(shown) = shown {
        view! {
            <span>{shown}</span>
            <input type="hidden" name=name("values") value=value />
        }
        .into_any()
    } else {
        let value = drafted(&name("values"), value);
        view! { <input class="in" name=name("values") value=value aria-label=tu_string!(w, device.rule_value) /> }
            .into_any()
    };
    let turn = turn.then(|| {
        let first = status.map(|_| (index + 1).to_string()).unwrap_or_default();
        let now = drafted(&name("turns"), first);
        view! {
            <input class="in" type="number" min="1" name=name("turns") value=now
                aria-label=tu_string!(w, device.rule_turn) />
        }
    });
    view! {
        <div class="rule-line">
            {turn} {value}
            <select class="in" name=name("statuses") aria-label=label>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// The states of a machine to choose from, the first none.
fn statuses() -> Vec<(String, String)> {
    let none = (String::new(), tu_string!(words(), device.rule_unknown).to_owned());
    let status = |status: Status| (status.number().to_string(), kinds::name(status.into()).to_owned());
    std::iter::once(none).chain(Status::ALL.into_iter().map(status)).collect()
}

fn status_name(number: i64) -> &'static str {
    Status::from_number(number)
        .map_or(tu_string!(words(), device.rule_unknown), |status| kinds::name(status.into()))
}

fn on_off(on: bool) -> &'static str {
    if on { tu_string!(words(), device.on) } else { tu_string!(words(), device.off) }
}
