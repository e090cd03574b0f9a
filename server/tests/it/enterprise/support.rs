//! A running Enterprise API over a plant with a product and devices, and a client with a token.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use domain::Ctx;
use domain::db::testing::TestPlant;
use domain::db::{Kind, sql};
use domain::device::service::{create_product, import_devices, product_by_key};
use domain::device::{CreateProduct, ImportDevice, ImportDevices};
use domain::enterprise::service::create_enterprise;
use domain::enterprise::{CreateEnterprise, NewEnterprise};
use millwright::enterprise;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::Answer;

pub const KEY: &str = "6f2e214bf2d79649232431b94a25f46a";
pub const SECRET: &str = "product-secret";
pub const DID: &str = "dE2xjocBhaUHkYkSspYM5k";

/// The API over a plant of its own.
pub struct TestApi {
    pub plant: TestPlant,
    pub router: Router,
    pub caller: NewEnterprise,
    pub token: String,
}

/// A definition with every type of datapoint.
pub fn definition(key: &str) -> Value {
    let attr = |id: i64, name: &str, kind: &str, data_type: &str| json!({"id": id, "name": name, "display_name": name, "desc": "", "type": kind, "data_type": data_type});
    let mut attrs = vec![
        attr(0, "switch", "status_writable", "bool"),
        attr(1, "mode", "status_writable", "enum"),
        attr(2, "set_temp", "status_writable", "uint8"),
        attr(3, "room_temp", "status_readonly", "uint8"),
        attr(4, "alert_full", "alert", "bool"),
        attr(5, "fault_roomtemp", "fault", "bool"),
    ];
    attrs[1]["enum"] = json!(["cool", "heat"]);
    for attr in &mut attrs[2..4] {
        attr["uint_spec"] = json!({"min": 0, "max": 40, "ratio": 1, "addition": -10});
    }
    json!({
        "name": "Air conditioner", "product_key": key, "protocolType": "standard", "packetVersion": "0x00000004",
        "entities": [{"id": 0, "name": "entity0", "display_name": "Unit", "attrs": attrs}],
    })
}

/// A product with datapoints.
pub async fn product(ctx: &Ctx, key: &str) {
    let params = CreateProduct {
        definition: Some(definition(key)),
        product_key: Some(key.into()),
        product_secret: Some(SECRET.into()),
        ..CreateProduct::default()
    };
    create_product(ctx, params).await.expect("a product");
}

/// A device that is known by its MAC.
pub fn device(mac: &str, did: &str) -> ImportDevice {
    ImportDevice {
        mac: mac.into(),
        did: Some(did.into()),
        passcode: Some("123456".into()),
        country: Some("China".into()),
        region: Some("Guangdong".into()),
        city: Some("Guangzhou".into()),
        longitude: Some(113.280_637),
        latitude: Some(23.125_178),
        ..ImportDevice::default()
    }
}

impl TestApi {
    /// With a product that has a device, and a token for it.
    pub async fn new(kind: Kind) -> Self {
        Self::limited(kind, None).await
    }

    /// The same, with so many calls an hour.
    pub async fn limited(kind: Kind, calls_per_hour: Option<i64>) -> Self {
        let plant = TestPlant::new(kind).await;
        let ctx = plant.ctx();
        product(&ctx, KEY).await;
        let devices = vec![device("virtual:site", DID)];
        import_devices(&ctx, ImportDevices { product_key: KEY.into(), devices }).await.expect("a device");
        let params = CreateEnterprise { calls_per_hour, ..CreateEnterprise::default() };
        let caller = create_enterprise(&ctx, params).await.expect("an enterprise");
        let router = enterprise::router(plant.services.clone(), None);
        let mut api = Self { plant, router, caller, token: String::new() };
        api.token = api.issue(KEY).await;
        api
    }

    /// A token for a product.
    pub async fn issue(&self, key: &str) -> String {
        let answer = self.send(Self::token_request(key, &self.credentials())).await;
        answer.json()["token"].as_str().expect("a token").to_owned()
    }

    pub fn credentials(&self) -> Value {
        json!({
            "enterprise_id": self.caller.enterprise_id,
            "enterprise_secret": self.caller.enterprise_secret,
            "product_secret": SECRET,
        })
    }

    pub fn token_request(key: &str, body: &Value) -> Request<Body> {
        let request = Request::post(format!("/v1/products/{key}/access_token"));
        request.body(Body::from(body.to_string())).expect("a request")
    }

    /// A request with the token.
    pub fn request(&self, method: &Method, target: &str, body: Option<&Value>) -> Request<Body> {
        let request = Request::builder().method(method).uri(target).header("host", "plant.example:3000");
        let request = request.header("authorization", format!("token {}", self.token));
        request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).expect("a request")
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Adds what endpoints take that are called without a token.
    pub fn add_headers(&self, request: &mut Request<Body>) {
        let headers = request.headers_mut();
        for (name, value) in [
            ("x-gizwits-enterprise-id", &self.caller.enterprise_id),
            ("x-gizwits-enterprise-secret", &self.caller.enterprise_secret),
        ] {
            headers.insert(name, value.parse().expect("a header"));
        }
    }

    /// Calls with GET and the token.
    pub async fn get(&self, target: &str) -> Answer {
        self.send(self.request(&Method::GET, target, None)).await
    }

    /// Calls with GET from an address.
    pub async fn get_from(&self, target: &str, address: &str) -> Answer {
        let mut request = self.request(&Method::GET, target, None);
        let address: SocketAddr = format!("{address}:50000").parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(address));
        self.send(request).await
    }

    /// A path below the product.
    pub fn of_product(rest: &str) -> String {
        format!("/v1/products/{KEY}/{rest}")
    }

    /// Runs a statement as the tests need it.
    pub async fn run(&self, statement: domain::db::Sql) {
        let ctx = self.plant.ctx();
        let mut tx = ctx.begin().await.expect("a write");
        statement.run(&mut tx).await.expect("a statement");
        tx.commit().await.expect("a commit");
    }

    /// Lets the device say and do something: on line, reports, off line.
    pub async fn live(&self) {
        let ctx = self.plant.ctx();
        let product = product_by_key(&ctx, KEY).await.expect("a product");
        let device = domain::device::service::device_of(&ctx, &product, DID).await.expect("a device");
        let (tenant_id, now) = (ctx.tenant_id(), ctx.now());
        self.run(
            sql("UPDATE device SET online_latest = $3, activated_at = $3, mcu_soft_version = '1'
                 WHERE tenant_id = $1 AND id = $2")
            .bind(tenant_id)
            .bind(device.id)
            .bind(now),
        )
        .await;
        let offline = json!({
            "duration": 1391, "reason": "no_heartbeat",
            "heartbeat": {"count": 21, "max": 60, "avg": 60, "last": 130, "min": 60},
        });
        for (n, online, payload) in [(0, true, json!({"keep_alive": 130})), (1, false, offline)] {
            let insert = sql("INSERT INTO device_online_log (tenant_id, device_id, at, id, online, payload)
                 VALUES ($1, $2, $3, $4, $5, $6)");
            let insert = insert.bind(tenant_id).bind(device.id).bind(now - 60_000 + n).bind(n).bind(online);
            self.run(insert.bind(payload.to_string())).await;
        }
        for n in 0..3 {
            let insert = sql("INSERT INTO device_message
                   (tenant_id, device_id, ts, seq, at, direction, payload, attrs)
                 VALUES ($1, $2, $3, 0, $3, 1, '000000030b0000910401000010000000', $4)");
            let insert = insert.bind(tenant_id).bind(device.id).bind(now - 60_000 * (n + 1));
            self.run(insert.bind(json!({"switch": 1, "mode": "heat", "set_temp": 16}).to_string())).await;
        }
    }
}
