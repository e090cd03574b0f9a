//! States and ages of devices, in words and marks.

use domain::Millis;
use domain::device::view::{DeviceLine, Health};
use leptos::prelude::*;

use crate::ui::{Icon, Mark};
use crate::words::{tu_string, words};

/// What a device is, at its worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// On line, nothing wrong.
    Online,
    /// Off line.
    Offline,
    /// With an open fault.
    Fault,
    /// With an open alarm.
    Alarm,
    /// Disabled.
    Disabled,
}

impl State {
    /// That of a device.
    pub fn of(device: &DeviceLine) -> Self {
        if device.disabled {
            Self::Disabled
        } else if device.faults > 0 {
            Self::Fault
        } else if device.alarms > 0 {
            Self::Alarm
        } else if device.online {
            Self::Online
        } else {
            Self::Offline
        }
    }

    /// Its mark.
    pub fn mark(self) -> AnyView {
        match self {
            Self::Online => view! { <Mark state="run" /> }.into_any(),
            Self::Offline => view! { <Mark state="nodata" /> }.into_any(),
            Self::Fault => view! { <Mark state="fault" /> }.into_any(),
            Self::Alarm => view! {
                <span class="w1">
                    <Icon name="i-warn" />
                </span>
            }
            .into_any(),
            Self::Disabled => view! { <Mark state="brk" /> }.into_any(),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let w = words();
        match self {
            Self::Online => tu_string!(w, device.online),
            Self::Offline => tu_string!(w, device.offline),
            Self::Fault => tu_string!(w, device.fault),
            Self::Alarm => tu_string!(w, device.alarm),
            Self::Disabled => tu_string!(w, device.disabled),
        }
    }
}

/// The state of a device, with the name of what is wrong, and how much more is.
pub fn state(device: &DeviceLine) -> AnyView {
    let state = State::of(device);
    let wrong = match state {
        State::Fault | State::Alarm => device.trouble.clone(),
        State::Online | State::Offline | State::Disabled => None,
    };
    let more = device.faults + device.alarms - 1;
    let more = (wrong.is_some() && more > 0).then(|| view! { <span class="mut">{format!("+{more}")}</span> });
    let offline = (wrong.is_some() && !device.online).then(|| {
        view! {
            <span class="mut" title=State::Offline.name()>
                <Mark state="nodata" />
                <span class="sr">{State::Offline.name()}</span>
            </span>
        }
    });
    let words = wrong.unwrap_or_else(|| state.name().to_owned());
    view! {
        <span class="st">
            {state.mark()}
            <span class="tt" title=state.name()>
                {words}
            </span>
            {more}
            {offline}
        </span>
    }
    .into_any()
}

/// How long ago something was.
pub fn age(now: Millis, at: Option<Millis>) -> String {
    let Some(at) = at else { return "—".to_owned() };
    let seconds = ((now - at) / 1000).max(0);
    let w = words();
    match seconds {
        0..60 => tu_string!(w, device.age_seconds, count = seconds).to_string(),
        60..3600 => tu_string!(w, device.age_minutes, count = seconds / 60).to_string(),
        3600..172_800 => tu_string!(w, device.age_hours, count = seconds / 3600).to_string(),
        _ => tu_string!(w, device.age_days, count = seconds / 86_400).to_string(),
    }
}

/// How long something took, in the two greatest units.
pub fn duration(seconds: i64) -> String {
    let w = words();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let two = |more: String, less: String| format!("{more} {less}");
    if seconds < 60 {
        tu_string!(w, device.age_seconds, count = seconds).to_string()
    } else if hours < 1 {
        let rest = tu_string!(w, device.age_seconds, count = seconds % 60).to_string();
        two(tu_string!(w, device.age_minutes, count = minutes).to_string(), rest)
    } else if days < 2 {
        let rest = tu_string!(w, device.age_minutes, count = minutes % 60).to_string();
        two(tu_string!(w, device.age_hours, count = hours).to_string(), rest)
    } else {
        let rest = tu_string!(w, device.age_hours, count = hours % 24).to_string();
        two(tu_string!(w, device.age_days, count = days).to_string(), rest)
    }
}

/// The last hours as a strip: on line is low, trouble stands tall, off line is hatched.
pub fn strip(health: &[Health]) -> AnyView {
    let bar = |(index, health): (usize, &Health)| {
        let x = format!("{}.5", index * 5);
        match health {
            Health::Online => view! { <rect x=x y="8" width="4" height="8" class="f-run" /> }.into_any(),
            Health::Gaps => view! {
                <rect x=x.clone() y="8" width="4" height="8" class="l-nodata" fill="url(#p-nodata)" />
                <rect x=x y="12" width="4" height="4" class="f-run" />
            }
            .into_any(),
            Health::Offline => view! {
                <rect x=x y=".5" width="4" height="15" class="l-nodata" fill="url(#p-nodata)" stroke-dasharray="2 2" />
            }
            .into_any(),
            Health::Alarm => view! { <rect x=x y="4" width="4" height="12" class="f-nomat" /> }.into_any(),
            Health::Fault => view! { <rect x=x y="0" width="4" height="16" class="f-fault" /> }.into_any(),
        }
    };
    let count = |wanted: Health| health.iter().filter(|hour| **hour == wanted).count();
    let (faults, alarms) = (count(Health::Fault), count(Health::Alarm));
    let offline = count(Health::Offline) + count(Health::Gaps);
    let title = tu_string!(words(), device.health_words, faults, alarms, offline).to_string();
    view! {
        <svg class="hs" viewBox="0 0 120 16" role="img" aria-label=title>
            {health.iter().enumerate().map(bar).collect_view()}
        </svg>
    }
    .into_any()
}
