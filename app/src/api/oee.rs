//! OEE: lines × shifts, one line, one machine.

use domain::Millis;
use domain::oee::view::{LineView, MachineView, OeeOverview};
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{Answer, Data, Result};

/// The plant's clock over a stretch of time, so that the browser needs no list of time zones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// From when on the plant's clock is how far ahead of UTC, both in milliseconds, in order of time.
    pub offsets: Vec<(Millis, Millis)>,
}

impl Clock {
    /// The wall time at an instant.
    pub fn wall(&self, at: Millis) -> DateTime {
        let before = self.offsets.iter().rev().find(|(from, _)| *from <= at);
        let ahead = before.or(self.offsets.first()).map_or(0, |(_, ahead)| *ahead);
        let shifted = jiff::Timestamp::from_millisecond(at + ahead).unwrap_or_default();
        shifted.to_zoned(jiff::tz::TimeZone::UTC).datetime()
    }

    /// The time of day at an instant: `14:05`.
    pub fn time(&self, at: Millis) -> String {
        crate::clock::time(self.wall(at))
    }
}

/// What a page shows, with the clock to show it by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timed<T> {
    /// What is shown.
    pub view: T,
    /// The plant's clock.
    pub clock: Clock,
}

/// Lines × shifts of a range of the URL, see [`crate::range`].
#[server(input = GetUrl, output = Data, endpoint = "oee/overview")]
pub async fn get_oee_overview(range: String) -> Result<Answer<Timed<OeeOverview>>> {
    let ctx = crate::ssr::ctx()?;
    Answer::of(crate::ssr::oee::overview(&ctx, &range).await)
}

/// One machine in a range of the URL.
#[server(input = GetUrl, output = Data, endpoint = "oee/machine")]
pub async fn get_machine_view(id: i64, range: String) -> Result<Answer<Timed<MachineView>>> {
    let ctx = crate::ssr::ctx()?;
    Answer::of(crate::ssr::oee::machine(&ctx, id, &range).await)
}

/// One line in a range of the URL.
#[server(input = GetUrl, output = Data, endpoint = "oee/line")]
pub async fn get_line_view(id: i64, range: String) -> Result<Answer<Timed<LineView>>> {
    let ctx = crate::ssr::ctx()?;
    Answer::of(crate::ssr::oee::line(&ctx, id, &range).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_follows_its_changes() {
        let hour = 3_600_000;
        let clock = Clock { offsets: vec![(0, hour), (10 * hour, 2 * hour)] };
        assert_eq!([clock.time(9 * hour), clock.time(10 * hour)], ["10:00", "12:00"]);
    }
}
