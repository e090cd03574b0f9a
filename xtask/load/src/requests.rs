//! The requests of a run, made before it begins: making and signing them is not what is measured.

use domain::Millis;
use domain::ctx::Services;
use domain::time::MINUTE;
use serde_json::{Value, json};

use crate::client::CONNECTIONS;
use crate::plant::{Plant, WATCHED, machine};
use crate::sign::{Credentials, plain, signed};

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// OEE of a machine's day.
    Day,
    /// A page of production reports and their total.
    Page,
    /// One more state of a machine.
    Insert,
}

/// Who is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The bare handlers.
    Bare,
    /// The server.
    Ours,
}

/// Makes requests, each with parameters of its own where they must not repeat.
pub struct Requests {
    services: Services,
    credentials: Credentials,
    date: String,
    window: (Millis, Millis),
    /// How many states each connection has reported.
    reported: [i64; 2],
    begun: Millis,
}

impl Requests {
    pub fn new(plant: &Plant) -> Self {
        Self {
            services: plant.ctx.services.clone(),
            credentials: plant.credentials.clone(),
            date: plant.date.to_string(),
            window: plant.window,
            reported: [0, 0],
            begun: plant.window.0 - 400 * 24 * 60 * MINUTE,
        }
    }

    /// `count` requests for each connection.
    pub fn make(&mut self, work: Work, side: Side, count: usize) -> Vec<Vec<Vec<u8>>> {
        let first = self.reported[side as usize];
        let mut made = Vec::new();
        for connection in 0..CONNECTIONS {
            let numbers = (0_i64..).take(count);
            made.push(
                numbers
                    .map(|n| match work {
                        Work::Day => self.day(side),
                        Work::Page => self.page(side, n % 20 + 1),
                        Work::Insert => self.insert(side, connection, first + n),
                    })
                    .collect(),
            );
        }
        if work == Work::Insert {
            self.reported[side as usize] += i64::try_from(count).unwrap_or(0);
        }
        made
    }

    fn day(&self, side: Side) -> Vec<u8> {
        let (begin, end) = self.window;
        let date = &self.date;
        match side {
            Side::Bare => plain("GET", &format!("/day?begin={begin}&code={WATCHED}&end={end}"), b""),
            Side::Ours => {
                let target = format!(
                    "/industry/oee/dayshift/query?apiVer=1.0.1&equipmentCode={WATCHED}&queryDate={date}"
                );
                signed(&self.credentials, "GET", &target, b"", self.services.clock.now())
            }
        }
    }

    fn page(&self, side: Side, number: i64) -> Vec<u8> {
        match side {
            Side::Bare => plain("GET", &format!("/page?number={number}&size=20"), b""),
            Side::Ours => {
                let params = json!({"pageId": number, "pageSize": 20});
                self.post("/industry/qualitytrace/productionreport/pagequery", "1.0.0", &params)
            }
        }
    }

    /// One second of a machine, which runs and stands in turn.
    fn insert(&self, side: Side, connection: usize, n: i64) -> Vec<u8> {
        let begin = self.begun + n * 1000;
        let (code, status) = (machine(connection), 1 + n % 2 * 2);
        match side {
            Side::Bare => {
                let state = json!({"code": code, "status": status, "begin": begin, "end": begin + 1000});
                plain("POST", "/insert", state.to_string().as_bytes())
            }
            Side::Ours => {
                let params = json!({
                    "equipmentCode": code,
                    "status": status,
                    "beginDateTime": begin.to_string(),
                    "endDateTime": (begin + 1000).to_string(),
                });
                self.post("/industry/oee/equipment/status/set", "1.0.1", &params)
            }
        }
    }

    fn post(&self, path: &str, version: &str, params: &Value) -> Vec<u8> {
        let id = domain::id::uuid();
        let call = json!({"id": id, "version": "1.0", "request": {"apiVer": version}, "params": params});
        signed(&self.credentials, "POST", path, call.to_string().as_bytes(), self.services.clock.now())
    }
}
