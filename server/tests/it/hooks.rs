//! The questions of brokers outside, in the shapes that the documents of RMQTT and EMQX 5 have.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use domain::db::sql;
use domain::db::testing::TestPlant;
use domain::db_test;
use domain::device::refusal::Refusals;
use domain::device::registration::{RegisterDevice, ResetDevice, register_device, reset_device};
use millwright::mqtt::hooks::{Hooks, router};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::enterprise::support::{KEY, product};

const SECRET: &str = "of-the-hooks";
const PASSCODE: &str = "0123456789";

struct Door {
    plant: TestPlant,
    router: Router,
    refusals: Refusals,
    did: String,
    other: String,
}

impl Door {
    async fn new(plant: TestPlant) -> Self {
        let ctx = plant.ctx();
        product(&ctx, KEY).await;
        let mut dids = Vec::new();
        for mac in ["m1", "m2"] {
            let new = RegisterDevice { passcode: PASSCODE.into(), mac: mac.into(), product_key: KEY.into() };
            dids.push(register_device(&plant.services, new).await.expect("a device"));
        }
        let refusals = Refusals::default();
        let hooks = Hooks {
            services: plant.services.clone(),
            refusals: refusals.clone(),
            secret: SECRET.into(),
            own: Some(("millwright".into(), "of-the-server".into())),
        };
        let other = dids.remove(1);
        Self { plant, router: router(hooks), refusals, did: dids.remove(0), other }
    }

    async fn send(&self, request: Request<Body>) -> (HeaderMap, String) {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), 200, "another status would let somebody else decide");
        let headers = response.headers().clone();
        let body = to_bytes(response.into_body(), 10_000).await.expect("a body");
        (headers, String::from_utf8(body.to_vec()).expect("text"))
    }

    /// As `rmqtt-auth-http` asks with its default settings: a form.
    async fn rmqtt(&self, path: &str, form: &str) -> (HeaderMap, String) {
        let request = Request::post(format!("/mqtt/rmqtt/{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "*/*")
            .header("x-millwright-secret", SECRET);
        self.send(request.body(Body::from(form.to_owned())).expect("a request")).await
    }

    /// As EMQX 5 asks with its default settings: JSON.
    async fn emqx(&self, path: &str, body: Value) -> Value {
        let request = Request::post(format!("/mqtt/emqx/{path}"))
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("x-millwright-secret", SECRET);
        let (headers, text) = self.send(request.body(Body::from(body.to_string())).expect("a request")).await;
        assert_eq!(headers["content-type"], "application/json");
        serde_json::from_str(&text).expect("JSON")
    }

    async fn refused(&self, did: &str, kind: &str) -> i64 {
        self.refusals.write(&self.plant.services).await.expect("written");
        let mut read = self.plant.services.db.read().await.expect("a connection");
        let rows: Vec<(i64,)> = sql("SELECT refusals FROM device_refusal WHERE did = $1 AND kind = $2")
            .bind(did)
            .bind(kind)
            .all(&mut read)
            .await
            .expect("rows");
        rows.iter().map(|(count,)| count).sum()
    }
}

db_test!(
    async fn rmqtt_asks_who_may_connect_and_what_is_whose(plant: TestPlant) {
        let door = Door::new(plant).await;
        let (did, other) = (door.did.clone(), door.other.clone());
        let auth = async |client: &str, user: &str, password: &str| {
            let form = format!("clientid={client}&username={user}&password={password}");
            door.rmqtt("auth", &form).await
        };
        let (headers, word) = auth(&did, &did, PASSCODE).await;
        assert_eq!((word.as_str(), headers.get("x-superuser")), ("allow", None));
        for (client, user, password) in
            [(&did, &did, "wrong"), (&did, &other, PASSCODE), (&"nobody".into(), &"nobody".into(), PASSCODE)]
        {
            assert_eq!(auth(client, user, password).await.1, "deny");
        }
        assert_eq!((door.refused(&did, "credentials").await, door.refused("", "credentials").await), (1, 2));
        let (headers, word) = auth("millwright-1", "millwright", "of-the-server").await;
        assert_eq!((word.as_str(), headers["x-superuser"].to_str().ok()), ("allow", Some("true")));
        let (headers, word) = auth("millwright-1", "millwright", "wrong").await;
        assert_eq!((word.as_str(), headers.get("x-superuser")), ("deny", None));

        let acl = async |access: &str, topic: &str| {
            let topic = topic.replace('/', "%2F").replace('#', "%23");
            let form =
                format!("access={access}&username={did}&clientid={did}&ipaddr=192.0.2.7&topic={topic}");
            door.rmqtt("acl", &form).await.1
        };
        assert_eq!(acl("2", &format!("dev2app/{did}")).await, "allow");
        assert_eq!(acl("2", &format!("millwright/{KEY}/{did}/up")).await, "allow");
        assert_eq!(acl("1", &format!("app2dev/{did}/#")).await, "allow");
        assert_eq!(acl("2", &format!("dev2app/{other}")).await, "deny");
        assert_eq!(acl("1", &format!("dev2app/{did}")).await, "deny");
        assert_eq!(acl("1", "#").await, "deny");
        assert_eq!(acl("", &format!("dev2app/{did}")).await, "deny");
        assert_eq!(door.refused(&did, "topic").await, 4);
        let form = "access=1&username=millwright&clientid=millwright-1&topic=%24SYS%2F%23";
        assert_eq!(door.rmqtt("acl", form).await.1, "allow");
    }
);

db_test!(
    async fn emqx_asks_who_may_connect_and_what_is_whose(plant: TestPlant) {
        let door = Door::new(plant).await;
        let (did, other) = (door.did.clone(), door.other.clone());
        let auth = async |client: &str, user: &str, password: &str| {
            door.emqx("auth", json!({"clientid": client, "username": user, "password": password})).await
        };
        assert_eq!(auth(&did, &did, PASSCODE).await, json!({"result": "allow", "is_superuser": false}));
        assert_eq!(auth(&did, &did, "wrong").await["result"], "deny");
        let own = auth("millwright-1", "millwright", "of-the-server").await;
        assert_eq!(own, json!({"result": "allow", "is_superuser": true}));
        let acl = async |action: &str, topic: &str| {
            let body = json!({"clientid": did, "username": did, "topic": topic, "action": action});
            door.emqx("acl", body).await["result"].clone()
        };
        assert_eq!(acl("publish", &format!("dev2app/{did}")).await, "allow");
        assert_eq!(acl("subscribe", &format!("millwright/{KEY}/{did}/down")).await, "allow");
        assert_eq!(acl("publish", &format!("millwright/{KEY}/{other}/up")).await, "deny");
        assert_eq!(acl("subscribe", "$SYS/#").await, "deny");
        // A client that is not the device it claims to be.
        let body = json!({"clientid": other, "username": did, "topic": format!("dev2app/{did}"), "action": "publish"});
        assert_eq!(door.emqx("acl", body).await["result"], "deny");
        // EMQX asks by a query too.
        let query =
            format!("/mqtt/emqx/auth?secret={SECRET}&clientid={did}&username={did}&password={PASSCODE}");
        let (_, text) = door.send(Request::get(query).body(Body::empty()).expect("a request")).await;
        assert_eq!(text, r#"{"result":"allow","is_superuser":false}"#);
        let reset = ResetDevice { did: did.clone(), passcode: PASSCODE.into() };
        reset_device(&door.plant.services, reset).await.expect("disabled");
        assert_eq!(auth(&did, &did, PASSCODE).await["result"], "deny");
        assert_eq!(acl("publish", &format!("dev2app/{did}")).await, "deny");
        assert_eq!(door.refused(&did, "disabled").await, 2);
    }
);

db_test!(
    async fn nobody_learns_anything_without_the_secret(plant: TestPlant) {
        let door = Door::new(plant).await;
        let did = &door.did;
        let good = format!("clientid={did}&username={did}&password={PASSCODE}");
        for (path, secret) in [("rmqtt", None), ("rmqtt", Some("wrong")), ("emqx", None), ("emqx", Some(""))]
        {
            let mut request = Request::post(format!("/mqtt/{path}/auth"))
                .header("content-type", "application/x-www-form-urlencoded");
            if let Some(secret) = secret {
                request = request.header("x-millwright-secret", secret);
            }
            let (_, text) = door.send(request.body(Body::from(good.clone())).expect("a request")).await;
            assert!(text == "deny" || text.contains(r#""result":"deny""#), "{path}: {text}");
        }
        // Nonsense is refused too.
        for body in ["", "{", "[]", "clientid", "clientid=%FF&username=%FF"] {
            assert_eq!(door.rmqtt("auth", body).await.1, "deny");
            assert_eq!(door.rmqtt("acl", body).await.1, "deny");
        }
        assert_eq!(
            door.emqx("acl", json!({"clientid": 1, "username": [], "topic": {}})).await["result"],
            "deny"
        );
    }
);
