//! A running server with a product, and a look into its store.

use std::cell::RefCell;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::service::{list_tenants, system_ctx};
use domain::ctx::Services;
use domain::db::sql::Row;
use domain::db::testing::TestDb;
use domain::db::{Db, Hold, Kind, Sql, sql};
use domain::device::datapoint::NumberSpec;
use domain::device::decimal::Decimal;
use domain::device::{DataType, Datapoint, Definition, Kind as Access, Protocol};
use domain::enterprise::CreateEnterprise;
use domain::enterprise::service::create_enterprise;
use serde_json::Value;
use sha2::Digest;
use tokio::runtime::Runtime;

use crate::process::Server;

pub const KEY: &str = "4244bf2d79694a259232431b6f2ef46a";
pub const PASSCODE: &str = "0123456789";
const SECRET: &str = "product-secret";

/// A server with a product of air conditioners.
pub struct Plant {
    server: RefCell<Option<Server>>,
    runtime: Runtime,
    database: TestDb,
    kind: Kind,
    pub tenant_id: i64,
}

/// Writes a test for both databases.
macro_rules! on_both {
    ($(fn $name:ident($plant:ident) $body:block)*) => {
        $(domain::pastey::paste! {
            #[test]
            fn [<sqlite_ $name>]() {
                let $plant = $crate::devices::plant::Plant::new(domain::db::Kind::Sqlite);
                $body
            }
            #[test]
            fn [<postgres_ $name>]() {
                let $plant = $crate::devices::plant::Plant::new(domain::db::Kind::Postgres);
                $body
            }
        })*
    };
}
pub(crate) use on_both;

/// The datapoints of the documented samples.
fn definition() -> Definition {
    let number = |min, max, addition: i128| {
        let (ratio, addition) = (Decimal::ONE, Decimal::new(addition, 0));
        DataType::Number(NumberSpec { bytes: 1, min, max, ratio, addition })
    };
    let words = |words: &[&str]| DataType::Enum(words.iter().map(ToString::to_string).collect());
    let all = [
        ("switch", Access::Writable, DataType::Bool),
        ("mode", Access::Writable, words(&["制冷", "制热", "送风", "除湿"])),
        ("fan_speed", Access::Writable, words(&["低风", "中风", "高风"])),
        ("fan_swing", Access::Writable, DataType::Bool),
        ("on_timing", Access::Writable, number(0, 24, 0)),
        ("off_timing", Access::Writable, number(0, 24, 0)),
        ("set_temp", Access::Writable, number(16, 30, 0)),
        ("room_temp", Access::ReadOnly, number(0, 150, -10)),
        ("alarm", Access::Alert, DataType::Bool),
        ("fault", Access::Fault, DataType::Bool),
    ];
    let datapoints: Vec<_> = (0..)
        .zip(all)
        .map(|(id, (name, kind, data_type))| Datapoint {
            id,
            name: name.into(),
            display_name: name.into(),
            desc: String::new(),
            kind,
            data_type,
        })
        .collect();
    Definition::build("Air conditioner", KEY, Protocol::Fixed, &datapoints).expect("a definition")
}

/// Status and body of an answer.
type Answer = (u16, Value);

impl Plant {
    pub fn new(kind: Kind) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let database = runtime.block_on(TestDb::new(kind));
        let mut plant = Self { server: RefCell::default(), runtime, database, kind, tenant_id: 0 };
        plant.start();
        plant.tenant_id = plant.runtime.block_on(add_product(&plant.database.db));
        plant
    }

    /// Where the data is, as options.
    pub fn store(&self) -> [&str; 2] {
        let option = if self.kind == Kind::Sqlite { "--data" } else { "--database-url" };
        [option, &self.database.location]
    }

    /// Starts the server; it must not run.
    pub fn start(&self) {
        self.start_with(&[]);
    }

    /// The same with more options.
    pub fn start_with(&self, options: &[&str]) {
        *self.server.borrow_mut() = Some(Server::start_with(self.store(), options));
    }

    /// The same with what it logs in a file.
    pub fn start_logging(&self, log: &Path) {
        *self.server.borrow_mut() = Some(Server::start_logging(self.store(), log));
    }

    /// The most memory the server ever used, in megabytes.
    pub fn peak(&self) -> u64 {
        self.server.borrow().as_ref().expect("it runs").peak()
    }

    /// Takes the running server, to end it.
    pub fn take_server(&self) -> Server {
        self.server.borrow_mut().take().expect("it runs")
    }

    pub fn mqtt(&self) -> String {
        self.server.borrow().as_ref().expect("it runs").mqtt.clone()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.borrow().as_ref().expect("it runs").url)
    }

    /// Calls with a form; status and body.
    pub fn form(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let agent = ureq::Agent::from(ureq::Agent::config_builder().http_status_as_error(false).build());
        let url = self.url(path);
        let body: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = match method {
            "GET" => agent.get(url).call(),
            "DELETE" => agent.delete(url).force_send_body().send(body.join("&")),
            _ => agent.post(url).send_form(fields.to_vec()),
        };
        let mut answer = answer.expect("an answer");
        (answer.status().as_u16(), answer.body_mut().read_to_string().expect("text"))
    }

    /// Registers a device; its did.
    pub fn register(&self, mac: &str) -> String {
        let fields = [("passcode", PASSCODE), ("mac", mac), ("product_key", KEY)];
        let (status, body) = self.form("POST", "/dev/devices", &fields);
        assert_eq!(status, 201, "{body}");
        body.strip_prefix("did=").expect("a did").to_owned()
    }

    /// A token of the Enterprise API for the product, and a way to call this server with it.
    pub fn enterprise(&self) -> (String, impl Fn(&str, &str, &str, Option<&Value>) -> Answer) {
        let caller = self.runtime.block_on(async {
            let services = Services::open(self.database.db.clone()).await.expect("services");
            let tenant = list_tenants(&services).await.expect("tenants").remove(0);
            let ctx = system_ctx(&services, tenant.into());
            create_enterprise(&ctx, CreateEnterprise::default()).await.expect("an enterprise")
        });
        let url = self.url("");
        let credentials = serde_json::json!({
            "enterprise_id": caller.enterprise_id,
            "enterprise_secret": caller.enterprise_secret,
            "product_secret": SECRET,
        });
        let path = format!("/v1/products/{KEY}/access_token");
        let (status, answer) = Self::call(&url, "POST", &path, "", Some(&credentials));
        assert_eq!(status, 200, "{answer}");
        let token = answer["token"].as_str().expect("a token").to_owned();
        (token, move |method: &str, path: &str, token: &str, body: Option<&Value>| {
            Self::call(&url, method, path, token, body)
        })
    }

    /// Calls the Enterprise API of a server; status and answer.
    pub fn call(url: &str, method: &str, path: &str, token: &str, body: Option<&Value>) -> Answer {
        let agent = ureq::Agent::from(ureq::Agent::config_builder().http_status_as_error(false).build());
        let (url, token) = (format!("{url}{path}"), format!("token {token}"));
        let answer = match (method, body) {
            ("GET", _) => agent.get(url).header("authorization", token).call(),
            (_, body) => {
                let body = body.map(ToString::to_string).unwrap_or_default();
                agent.post(url).header("authorization", token).send(body)
            }
        };
        let mut answer = answer.expect("an answer");
        let text = answer.body_mut().read_to_string().expect("text");
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
    }

    /// Ends the database's session that holds the right to serve devices; whether there was one.
    pub fn end_holding_session(&self) -> bool {
        let ended: Vec<(bool,)> = self.all(
            sql("SELECT pg_terminate_backend(l.pid) FROM pg_locks AS l
                 WHERE l.locktype = 'advisory' AND l.granted
                   AND (l.classid::bigint << 32) + l.objid::bigint
                     = hashtextextended(current_schema() || '.' || $1, 0)")
            .bind("mqtt"),
        );
        !ended.is_empty()
    }

    /// Whether a server has the right to serve devices.
    pub fn is_held(&self) -> bool {
        self.runtime.block_on(self.database.db.hold("mqtt")).expect("an answer").is_none()
    }

    /// Takes the right to serve devices away from the server.
    pub fn take_right(&self) -> Hold {
        assert!(self.end_holding_session());
        loop {
            if let Some(hold) = self.runtime.block_on(self.database.db.hold("mqtt")).expect("an answer") {
                return hold;
            }
        }
    }

    /// Rows of a statement, which must know the tenant itself.
    pub fn all<T: Row>(&self, text: Sql) -> Vec<T> {
        self.runtime.block_on(async {
            let mut read = self.database.db.read().await.expect("a connection");
            text.all(&mut read).await.expect("rows")
        })
    }

    /// Payload, datapoints and troubles of a device's messages, in order of time.
    pub fn messages(&self, did: &str) -> Vec<(String, Option<String>, Option<String>)> {
        self.all(
            sql("SELECT m.payload, m.attrs, m.trouble FROM device_message AS m
                 JOIN device AS d ON d.tenant_id = m.tenant_id AND d.id = m.device_id
                 WHERE m.tenant_id = $1 AND d.did = $2 ORDER BY m.at, m.ts, m.seq")
            .bind(self.tenant_id)
            .bind(did),
        )
    }

    /// Payload, arrival and number of a device's messages: what tells copies from each other.
    pub fn copies(&self, did: &str) -> Vec<(String, i64, i64)> {
        self.all(
            sql("SELECT m.payload, m.at, m.seq FROM device_message AS m
                 JOIN device AS d ON d.tenant_id = m.tenant_id AND d.id = m.device_id
                 WHERE m.tenant_id = $1 AND d.did = $2 ORDER BY m.payload, m.at, m.seq")
            .bind(self.tenant_id)
            .bind(did),
        )
    }

    /// Whether a device is on line.
    pub fn online(&self, did: &str) -> bool {
        let rows: Vec<(bool,)> = self.all(
            sql("SELECT online FROM device WHERE tenant_id = $1 AND did = $2").bind(self.tenant_id).bind(did),
        );
        rows[0].0
    }

    /// Its faults and alarms: name, whether it is resolved.
    pub fn events(&self, did: &str) -> Vec<(String, bool)> {
        self.all(
            sql("SELECT e.name, e.resolved_at IS NOT NULL FROM device_event AS e
                 JOIN device AS d ON d.tenant_id = e.tenant_id AND d.id = e.device_id
                 WHERE e.tenant_id = $1 AND d.did = $2 ORDER BY e.opened_at, e.id")
            .bind(self.tenant_id)
            .bind(did),
        )
    }

    /// Open faults, open alarms, last known values.
    pub fn state(&self, did: &str) -> (i64, i64, Value) {
        let rows: Vec<(i64, i64, Option<String>)> = self.all(
            sql("SELECT open_faults, open_alarms, latest FROM device WHERE tenant_id = $1 AND did = $2")
                .bind(self.tenant_id)
                .bind(did),
        );
        let (faults, alarms, latest) = rows.into_iter().next().expect("a device");
        (faults, alarms, latest.map_or(Value::Null, |text| serde_json::from_str(&text).expect("JSON")))
    }

    /// Records of coming on line and going off line, in order.
    pub fn log(&self, did: &str) -> Vec<(bool, Value)> {
        let rows: Vec<(bool, String)> = self.all(
            sql("SELECT l.online, l.payload FROM device_online_log AS l
                 JOIN device AS d ON d.tenant_id = l.tenant_id AND d.id = l.device_id
                 WHERE l.tenant_id = $1 AND d.did = $2 ORDER BY l.at, l.id")
            .bind(self.tenant_id)
            .bind(did),
        );
        rows.into_iter()
            .map(|(online, payload)| (online, serde_json::from_str(&payload).expect("JSON")))
            .collect()
    }

    /// Reasons in the record, in order; "online" for coming on line.
    pub fn reasons(&self, did: &str) -> Vec<String> {
        let word = |(_, payload): (bool, Value)| payload["reason"].as_str().unwrap_or("online").to_owned();
        self.log(did).into_iter().map(word).collect()
    }

    /// How often something was refused for a reason; `did` is "" for nobody known.
    pub fn refusals(&self, did: &str, kind: &str) -> i64 {
        let rows: Vec<(i64,)> = self.all(
            sql("SELECT refusals FROM device_refusal WHERE did = $1 AND kind = $2").bind(did).bind(kind),
        );
        rows.iter().map(|(count,)| count).sum()
    }
}

/// Waits until something is as expected.
pub fn soon(what: &str, check: impl Fn() -> bool) {
    let since = Instant::now();
    while !check() {
        assert!(since.elapsed() < Duration::from_secs(10), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

async fn add_product(db: &Db) -> i64 {
    let services = Services::open(db.clone()).await.expect("services");
    let tenant_id = list_tenants(&services).await.expect("tenants")[0].id;
    let id = services.ids.next();
    let mut tx = db.begin().await.expect("a write");
    sql("INSERT INTO product (tenant_id, id, name, product_key, secret_hash, definition, published, logs_enabled,
           api_enabled, retention_days, created_at, modified_at)
         VALUES ($1, $2, 'Air conditioner', $3, $5, $4, FALSE, FALSE, TRUE, 30, 1, 1)")
    .bind(tenant_id)
    .bind(id)
    .bind(KEY)
    .bind(definition().document().to_string())
    .bind(URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(SECRET)))
    .run(&mut tx)
    .await
    .expect("a product");
    sql("INSERT INTO product_key (product_key, tenant_id, product_id) VALUES ($1, $2, $3)")
        .bind(KEY)
        .bind(tenant_id)
        .bind(id)
        .run(&mut tx)
        .await
        .expect("a key");
    tx.commit().await.expect("a commit");
    tenant_id
}
