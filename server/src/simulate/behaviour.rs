//! How a simulated device behaves: the values of its datapoints, report after report.
//!
//! What a datapoint is for is guessed from its definition: its kind, its type, and words in its name. The same seed,
//! device, beginning and orders give the same values.

use std::sync::Arc;

use domain::Millis;
use domain::device::datapoint::{NumberSpec, Raw};
use domain::device::p0::Values;
use domain::device::{DataType, Datapoint, Definition, Kind};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::duty::{Duty, duty, mixed};

/// A value that wanders comes back to its middle within about so long, seconds.
const RETURNS_WITHIN: f64 = 120.0;
/// How far a value wanders in ten seconds, as a part of its range.
const WANDERS: f64 = 0.01;
/// One report of so many of a machine that stands finds a counter set back.
const RESETS: u32 = 20_000;

/// What a datapoint is for.
enum Role {
    /// As it was last told.
    Setting,
    /// Counts up while the machine runs, so much a second.
    Counter { rate: f64, rest: f64 },
    /// Wanders around a middle that depends on what the machine does, or around a setting.
    Walk { level: f64, lean: f64, follows: Option<u32> },
    /// Says what the machine does: the choice for running, idle, stopped and broken.
    State([u32; 4]),
    /// 1 while the machine runs.
    Running,
    /// 1 for a while, now and then; until when.
    Trouble(Option<Millis>),
    /// Stays as it is.
    Still,
}

/// A device's values, and how they go on.
pub struct Behaviour {
    definition: Arc<Definition>,
    roles: Vec<Role>,
    values: Values,
    rng: StdRng,
    seed: u64,
    machine: u64,
    now: Millis,
    faults_an_hour: f64,
}

fn has_word(name: &str, words: &[&str]) -> bool {
    let name = name.to_lowercase();
    words.iter().any(|word| name.contains(word))
}

impl Behaviour {
    /// A device whose story begins at an instant.
    pub fn new(definition: &Arc<Definition>, seed: u64, machine: u64, begin: Millis, faults: f64) -> Self {
        let mut rng = StdRng::seed_from_u64(mixed(&[seed, machine, 3]));
        let mut values = Values::new();
        let mut roles = Vec::with_capacity(definition.datapoints().len());
        for datapoint in definition.datapoints() {
            let (role, first) = start(definition, datapoint, &mut rng);
            values.insert(datapoint.id, first);
            roles.push(role);
        }
        let definition = Arc::clone(definition);
        Self { definition, roles, values, rng, seed, machine, now: begin, faults_an_hour: faults }
    }

    /// The values as they are.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// Does as it is told, as far as it can; whether anything can be done.
    pub fn obey(&mut self, order: &Values) -> bool {
        let mut obeyed = false;
        for (id, raw) in order {
            let writable =
                self.definition.with_id(*id).filter(|it| it.kind == Kind::Writable && it.allows(raw));
            if writable.is_some() {
                self.values.insert(*id, raw.clone());
                obeyed = true;
            }
        }
        obeyed
    }

    /// What the machine does now: standing while something is broken or it is switched off.
    pub fn duty(&self) -> Duty {
        let off = |datapoint: &Datapoint| {
            datapoint.kind == Kind::Writable
                && datapoint.data_type == DataType::Bool
                && has_word(&datapoint.name, &["switch", "power", "onoff", "on_off"])
                && self.values.get(&datapoint.id) == Some(&Raw::Number(0))
        };
        if self.broken() || self.definition.datapoints().iter().any(off) {
            Duty::Stopped
        } else {
            duty(self.seed, self.machine, self.now)
        }
    }

    fn broken(&self) -> bool {
        let open = |datapoint: &Datapoint| self.values.get(&datapoint.id) == Some(&Raw::Number(1));
        self.definition.of_kind(Kind::Fault).any(open)
    }

    /// Goes on for so long, milliseconds.
    pub fn go_on(&mut self, millis: Millis) {
        self.now = self.now.saturating_add(millis.max(1));
        let seconds = millis.max(1) as f64 / 1000.0;
        let (duty, broken) = (self.duty(), self.broken());
        let troubles = self.roles.iter().filter(|role| matches!(role, Role::Trouble(_))).count().max(1);
        let opens = (self.faults_an_hour * seconds / 3600.0 / troubles as f64).clamp(0.0, 1.0);
        let definition = Arc::clone(&self.definition);
        for (datapoint, role) in definition.datapoints().iter().zip(&mut self.roles) {
            let next = match role {
                Role::Setting | Role::Still => continue,
                Role::Counter { rate, rest } => {
                    let DataType::Number(spec) = &datapoint.data_type else { continue };
                    let Some(Raw::Number(count)) = self.values.get(&datapoint.id) else { continue };
                    if duty != Duty::Running && self.rng.random_ratio(1, RESETS) {
                        Raw::Number(spec.min)
                    } else {
                        // A piece takes a little longer or shorter than the one before.
                        let speed = if duty == Duty::Running { *rate } else { 0.0 };
                        *rest += speed * seconds * self.rng.random_range(0.8..1.2);
                        let whole = rest.floor();
                        *rest -= whole;
                        Raw::Number(counted(spec, *count, whole))
                    }
                }
                Role::Walk { level, lean, follows } => {
                    let DataType::Number(spec) = &datapoint.data_type else { continue };
                    let told = follows.filter(|_| duty == Duty::Running).and_then(|id| {
                        let setting = definition.with_id(id)?;
                        same_in(spec, setting, self.values.get(&id)?)
                    });
                    let range = f64::from(spec.max - spec.min);
                    let part = match duty {
                        Duty::Running => 0.62,
                        Duty::Idle => 0.35,
                        Duty::Stopped => 0.12,
                    };
                    let middle = told.unwrap_or_else(|| f64::from(spec.min) + range * (part + *lean));
                    let back = 1.0 - (-seconds / RETURNS_WITHIN).exp();
                    let noise = range * WANDERS * (seconds / 10.0).min(6.0).sqrt();
                    *level += (middle - *level) * back + noise * self.rng.random_range(-1.7..1.7);
                    *level = level.clamp(f64::from(spec.min), f64::from(spec.max));
                    Raw::Number(whole(*level))
                }
                Role::State(choices) => Raw::Number(match duty {
                    _ if broken => choices[3],
                    Duty::Running => choices[0],
                    Duty::Idle => choices[1],
                    Duty::Stopped => choices[2],
                }),
                Role::Running => Raw::Number(u32::from(duty == Duty::Running)),
                Role::Trouble(until) => {
                    if until.is_some_and(|end| end <= self.now) {
                        *until = None;
                    } else if until.is_none() && duty != Duty::Stopped && self.rng.random_bool(opens) {
                        *until = Some(self.now + self.rng.random_range(8_000..=150_000));
                    }
                    Raw::Number(u32::from(until.is_some()))
                }
            };
            self.values.insert(datapoint.id, next);
        }
    }
}

/// What a datapoint is for, and its first value.
fn start(definition: &Definition, datapoint: &Datapoint, rng: &mut StdRng) -> (Role, Raw) {
    let name = datapoint.name.as_str();
    match (&datapoint.data_type, datapoint.kind) {
        (_, Kind::Alert | Kind::Fault) => (Role::Trouble(None), Raw::Number(0)),
        (DataType::Bool, Kind::Writable) => {
            let switched_on = has_word(name, &["switch", "power", "onoff", "on_off"]);
            (Role::Setting, Raw::Number(u32::from(switched_on)))
        }
        (DataType::Bool, _) => {
            let role = if has_word(name, &["run", "work", "active", "运行"]) {
                Role::Running
            } else {
                Role::Still
            };
            (role, Raw::Number(0))
        }
        (DataType::Number(spec), Kind::Writable) => {
            let middle = f64::from(spec.min) + f64::from(spec.max - spec.min) * rng.random_range(0.3..0.6);
            (Role::Setting, Raw::Number(whole(middle)))
        }
        (DataType::Number(spec), _) if is_counter(name, spec) => {
            let rejected = has_word(name, &["scrap", "reject", "defect", "waste", "bad", "不良", "废"]);
            let each = rng.random_range(15.0..60.0);
            let rate = if rejected { 0.02 / each } else { 1.0 / each };
            (Role::Counter { rate, rest: 0.0 }, Raw::Number(spec.min))
        }
        (DataType::Number(spec), _) => {
            let lean = rng.random_range(-0.1..0.1);
            let level = f64::from(spec.min) + f64::from(spec.max - spec.min) * (0.5 + lean);
            let follows = setting_of(definition, datapoint);
            (Role::Walk { level, lean, follows }, Raw::Number(whole(level)))
        }
        (DataType::Enum(choices), kind) => {
            let first = u32::try_from(rng.random_range(0..choices.len().max(1))).unwrap_or_default();
            match states(choices) {
                Some(states) if kind == Kind::ReadOnly => (Role::State(states), Raw::Number(states[2])),
                _ if kind == Kind::Writable => (Role::Setting, Raw::Number(first)),
                _ => (Role::Still, Raw::Number(first)),
            }
        }
        (DataType::Binary(len), _) => (Role::Still, Raw::Bytes((0..*len).map(|_| rng.random()).collect())),
    }
}

/// Numbers of four bytes count; others do if they are called so.
fn is_counter(name: &str, spec: &NumberSpec) -> bool {
    let words = ["count", "counter", "pieces", "total", "output", "产量", "计数", "累计", "scrap", "reject"];
    spec.max > spec.min && (spec.bytes == 4 || has_word(name, &words))
}

/// The choices that mean running, idle, stopped and broken, if an enumeration tells at least the first from another.
fn states(choices: &[String]) -> Option<[u32; 4]> {
    let find = |words: &[&str]| {
        choices.iter().position(|choice| has_word(choice, words)).and_then(|index| u32::try_from(index).ok())
    };
    let running = find(&["run", "work", "produc", "运行", "加工", "生产", "作业"])?;
    let idle = find(&["idle", "standby", "wait", "ready", "待机", "空闲", "等待"]);
    let stopped = find(&["stop", "off", "down", "停"]);
    let broken = find(&["fault", "error", "alarm", "broken", "故障", "报警"]);
    let rest = stopped.or(idle).or(broken)?;
    Some([running, idle.unwrap_or(rest), rest, broken.unwrap_or(rest)])
}

/// The setting that a value follows: `set_temp` of `room_temp`.
fn setting_of(definition: &Definition, datapoint: &Datapoint) -> Option<u32> {
    let last = |name: &str| name.rsplit('_').next().unwrap_or_default().to_lowercase();
    let is_setting = |other: &&Datapoint| {
        matches!(other.data_type, DataType::Number(_)) && last(&other.name) == last(&datapoint.name)
    };
    definition.of_kind(Kind::Writable).find(is_setting).map(|setting| setting.id)
}

/// The value of a setting in steps of another number.
fn same_in(spec: &NumberSpec, setting: &Datapoint, raw: &Raw) -> Option<f64> {
    let (DataType::Number(of), Raw::Number(raw)) = (&setting.data_type, raw) else { return None };
    Some((of.shown(*raw).to_f64() - spec.addition.to_f64()) / spec.ratio.to_f64())
}

/// A count that goes on, and begins anew where its bytes or limits end.
fn counted(spec: &NumberSpec, count: u32, more: f64) -> u32 {
    let span = u64::from(spec.max - spec.min) + 1;
    let done = u64::from(count.saturating_sub(spec.min)) + u64::from(whole(more));
    spec.min + u32::try_from(done % span).unwrap_or_default()
}

/// The nearest whole number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limited to what 32 bits hold")]
fn whole(number: f64) -> u32 {
    number.round().clamp(0.0, f64::from(u32::MAX)) as u32
}
