//! Who may call a server function: every registered one is called by nobody, by a foreign tenant and by somebody who may
//! only look. Those called with POST write, those called with GET read.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use domain::Ctx;
use domain::access::Role;
use domain::access::service::{CreateEmployee, SignIn, create_employee, sign_in};
use domain::db::Kind;
use domain::device::ImportDevices;
use domain::device::service::import_devices;
use domain::fleet::params::{CreateApp, CreateGroup, CreateUser};
use domain::fleet::service::{create_app, create_named_group, create_user};
use leptos::server_fn::axum::server_fn_paths;
use millwright::web::{self, WebConfig};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::enterprise::support::{DID, KEY, device, product};
use crate::modelling::plant;
use crate::support::{Recorder, TestApp};

/// Open to people who are not signed in: the door itself, leaving, and how the pages look. They touch nothing of a plant.
const PUBLIC: [&str; 4] = ["/ui/sign-in", "/ui/sign-in-facts", "/ui/sign-out", "/ui/preferences"];
/// They name nothing that is there: whoever calls them makes something of their own, with ids of its own.
const NEW: [&str; 2] = ["/ui/fleet/app/create", "/ui/product/create"];
/// What else answers with a plant's data and is no server function.
const FILES: [&str; 2] = ["/oee.csv", "/oee/machine.csv"];
/// An application, and one of its people.
const APP: &str = "app-of-the-site";
const USER: &str = "user-of-the-site";
/// What the refusal of somebody without the right says.
const REFUSED: &str = "Your role does not allow this";

/// A plant with its pages.
struct Site {
    app: TestApp,
    router: Router,
    known: Known,
}

/// Ids of things in the plant.
#[derive(Clone, Copy, Default)]
struct Known {
    factory: i64,
    machine: i64,
    line: i64,
    step: i64,
    technology: i64,
    shift: i64,
    shutdown: i64,
    product: i64,
    device: i64,
    group: i64,
}

struct Answer {
    status: StatusCode,
    text: String,
}

impl Site {
    /// A tenant with something of everything that pages show.
    async fn busy() -> Self {
        let app = TestApp::new(Kind::Sqlite).await;
        let known = furnish(&app).await;
        Self { router: web::router(app.plant.services.clone(), WebConfig::default()), app, known }
    }

    /// An installation where there is nothing yet.
    async fn empty() -> Self {
        let app = TestApp::new(Kind::Sqlite).await;
        let router = web::router(app.plant.services.clone(), WebConfig::default());
        Self { app, router, known: Known::default() }
    }

    /// The cookie of somebody who signed in.
    async fn cookie(&self, ctx: &Ctx, role: Role) -> String {
        let login = format!("p{}", ctx.next_id());
        let params = CreateEmployee { name: "Somebody".into(), login: Some(login.clone()), role };
        let password = create_employee(ctx, params).await.expect("a person").password.expect("a password");
        let session = sign_in(&ctx.services, SignIn { login, password }).await.expect("a session");
        format!("millwright_session={}", session.token)
    }

    async fn ask(
        &self,
        (path, method): &(&str, Method),
        arguments: &str,
        cookie: &str,
        accept: &str,
    ) -> Answer {
        let request = Request::builder().method(method).header(header::ACCEPT, accept);
        let request = if cookie.is_empty() { request } else { request.header(header::COOKIE, cookie) };
        let request = if *method == Method::GET {
            request.uri(format!("{path}?{arguments}")).body(Body::empty())
        } else {
            let form = "application/x-www-form-urlencoded";
            request.uri(*path).header(header::CONTENT_TYPE, form).body(Body::from(arguments.to_owned()))
        };
        let answer = self.router.clone().oneshot(request.expect("a request")).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Answer { status: parts.status, text: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn rows(&self) -> std::collections::BTreeMap<String, Vec<Vec<String>>> {
        self.app.plant.rows_of(self.app.plant.ctx().tenant_id()).await
    }
}

async fn furnish(app: &TestApp) -> Known {
    let mut recorder = Recorder::new(app);
    let factory = plant(&mut recorder).await;
    let on = |mut params: Value| {
        params["ftyModelId"] = json!(factory);
        params["ftyModelValue"] = json!(1);
        params
    };
    let day = on(json!({"name": "Day", "beginTime": "00:00", "endTime": "23:59"}));
    recorder.call("/industry/factorycalendar/shift/add", day).await;
    let once = on(json!({
        "name": "Holiday", "type": 1, "beginDatetime": "2026-06-02 08:00", "endDatetime": "2026-06-02 12:00:00",
    }));
    recorder.call("/industry/factorycalendar/plannedshutdown/add", once).await;
    let state = json!({
        "equipmentCode": "EQ-1", "status": 3, "faultCause": "bearing",
        "beginDatetime": "2026-06-01 01:00", "endDateTime": "2026-06-01 07:00:00",
    });
    recorder.call("/industry/oee/equipment/status/set", state).await;
    let entry = json!({"application": "Press", "module": "M", "title": "Valve opened", "type": 1});
    recorder.call("/industry/message/log/send", entry).await;
    let report = json!({
        "materialCode": "MAT-1", "uniqueCode": "WO-1", "stepCode": "S1", "outPut": 5,
        "startTime": "2026-06-01 01:00:00", "endTime": "2026-06-01 02:00:00",
    });
    let material = json!({
        "metaDataName": "物料", "action": "INSERT", "nodes": ["code", "name"], "data": "[[\"MAT-1\",\"Housing\"]]",
    });
    recorder.call("/industry/masterdata/record/write", material).await;
    recorder.call("/industry/qualitytrace/productionreport/add", report).await;
    let ctx = app.plant.ctx();
    product(&ctx, KEY).await;
    let devices = vec![device("virtual:site", DID)];
    import_devices(&ctx, ImportDevices { product_key: KEY.into(), devices }).await.expect("a device");
    create_named_group(&ctx, CreateGroup { product_key: KEY.into(), parent_gid: None }, "All".into())
        .await
        .expect("a group");
    let application = CreateApp { name: "App".into(), appid: Some(APP.into()) };
    create_app(&ctx, application).await.expect("an application");
    let user = CreateUser { appid: APP.into(), uid: Some(USER.into()), ..CreateUser::default() };
    create_user(&ctx, user).await.expect("a person");

    let rows = app.plant.rows_of(app.plant.ctx().tenant_id()).await;
    let id = |table: &str, key: &str| -> i64 {
        let found = rows[table].iter().find(|row| key.is_empty() || row.iter().any(|cell| cell == key));
        found.expect("a row")[1].parse().expect("an id")
    };
    Known {
        factory,
        machine: id("factory_node", "EQ-1"),
        line: id("factory_node", "L1"),
        step: id("process_node", "S1"),
        technology: id("process_node", "T1"),
        shift: id("calendar_shift", ""),
        shutdown: id("planned_shutdown", ""),
        product: id("product", KEY),
        device: id("device", DID),
        group: id("device_group", "All"),
    }
}

/// Arguments with which a function does something with what is known. A function of the usual shape needs no line here:
/// it gets all the usual names.
fn arguments(path: &str, known: &Known) -> String {
    let Known { factory, machine, line, step, technology, shift, shutdown, product, device, group } = *known;
    match path {
        "/ui/calendar/draft" => format!("node={factory}&date=2026-06-01&edit=shift-{shift}"),
        "/ui/calendar/shift/save" => format!(
            "id={shift}&ftyModelId={factory}&ftyModelValue=1&name=Night&beginTime=08:00&endTime=16:00&back=/calendar"
        ),
        "/ui/calendar/delete" => format!("kind=shift&id={shift}&back=/calendar"),
        "/ui/calendar/week/copy" => format!(
            "ftyModelId={factory}&ftyModelValue=1&fromDate=2026-06-01&toDate=2026-06-15&back=/calendar"
        ),
        "/ui/calendar/shutdown/save" => format!(
            "id={shutdown}&ftyModelId={factory}&ftyModelValue=1&name=Feast&type=1&beginDatetime=2026-06-03 08:00\
             &endDatetime=2026-06-03 09:00&back=/calendar"
        ),
        "/ui/oee/line" => format!("id={line}&range="),
        "/ui/model/save" => format!("id={factory}&type=factory&code=F1&name=Renamed&page=/model"),
        "/ui/model/flag" => format!("model=factory&id={factory}&flag=archive&page=/model"),
        "/ui/model/delete" => format!("model=process&id={step}&page=/model"),
        "/ui/model/attribute/add" => {
            format!("parentId={factory}&parentType=factory&name=Area&enName=area&value=1&page=/model")
        }
        "/ui/model/attribute/remove" => {
            format!("parentId={factory}&parentType=factory&enName=area&page=/model")
        }
        "/ui/model/link" => format!("model=process&id={technology}&other={line}&remove=false&page=/model"),
        "/ui/device/control" => format!("id={device}&attrs={{\"set_temp\": 20}}"),
        // Whose product it is decides nothing: the definition is none.
        "/ui/product/import" => "definition={}&name=Pump&product_key=&product_secret=".to_owned(),
        "/ui/product/set" => format!(
            "id={product}&published=true&logs_enabled=true&api_enabled=true&retention_days=30\
             &longitude_point=&latitude_point="
        ),
        "/ui/product/create" => {
            "name=Pump&protocol=var_len&product_key=&product_secret=test-secret".to_owned()
        }
        "/ui/product/point" => format!(
            "id={product}&was=&point[name]=speed&point[display_name]=&point[desc]=&point[kind]=W&point[data_type]=bool\
             &point[min]=&point[max]=&point[ratio]=&point[addition]=&point[choices]=&point[len]="
        ),
        "/ui/product/point/remove" => format!("id={product}&name=set_temp"),
        "/ui/product/machine" => format!("id={product}&rule[from]=&rule[pieces]=set_temp"),
        "/ui/product/devices" => format!("id={product}&table=mac%0Aaabbcc"),
        "/ui/fleet/app/create" => "name=New&appid=".to_owned(),
        "/ui/fleet/user/create" => format!("appid={APP}&username=lin"),
        "/ui/fleet/user/import" => format!("appid={APP}&csv=username%0Alin&back=/devices/users"),
        path if path.starts_with("/ui/fleet/user/") => {
            format!("product_key={KEY}&appid={APP}&uid={USER}&did={DID}&dids={DID}&back=/devices/users")
        }
        // The id of a group on the wire is nobody's to guess; the product decides whose it is.
        path if path.starts_with("/ui/fleet/group/") => format!(
            "product_key={KEY}&gid=0&parent=&parent_gid=0&name=New&action=assign&reassign=false&names={DID}\
             &dids[]={DID}&back=/devices/groups"
        ),
        path if path.starts_with("/ui/fleet") => {
            format!("query[product]={product}&query[group]={group}&query[tab]=&query[text]=")
        }
        path if path.starts_with("/ui/product") => format!("id={product}"),
        path if path.starts_with("/ui/device") => {
            format!("id={device}&name=set_temp&range=&before=&query[text]=&query[products]={product}")
        }
        _ => format!(
            "id={machine}&node={factory}&parent={factory}&model=factory&archived=true&text=&range=&page=/&back=/\
             &date=2026-06-01&layout=Month&edit=node&path=/oee/{machine}&filter[text]=&filter[page]=1"
        ),
    }
}

/// All server functions there are, by path.
fn functions() -> Vec<(&'static str, Method)> {
    let mut all: Vec<_> = server_fn_paths().collect();
    all.sort_unstable_by_key(|(path, _)| *path);
    assert!(all.len() > 25, "{all:?}");
    all
}

fn guarded() -> Vec<(&'static str, Method)> {
    let files = FILES.into_iter().map(|path| (path, Method::GET));
    functions().into_iter().filter(|(path, _)| !PUBLIC.contains(path)).chain(files).collect()
}

#[tokio::test]
async fn nobody_is_answered_without_a_session() {
    let site = Site::busy().await;
    let before = site.rows().await;
    let ended = "millwright_session=0123456789abcdef";
    for function in guarded() {
        let arguments = arguments(function.0, &site.known);
        for cookie in ["", ended] {
            let answer = site.ask(&function, &arguments, cookie, "application/json").await;
            let turned_away = [StatusCode::UNAUTHORIZED, StatusCode::SEE_OTHER].contains(&answer.status);
            assert!(turned_away, "{function:?}: {} {}", answer.status, answer.text);
            assert!(answer.text.is_empty() || answer.text.contains("Unauthenticated"), "{}", answer.text);
            // A form without scripting goes back to its page.
            let answer = site.ask(&function, &arguments, cookie, "text/html").await;
            assert!(!answer.text.contains("EQ-1") && !answer.text.contains("factory F1"), "{}", answer.text);
        }
    }
    for (path, method) in functions().into_iter().filter(|(path, _)| PUBLIC.contains(path)) {
        let arguments = "login=nobody&password=wrong&theme=dark";
        let answer = site.ask(&(path, method), arguments, "", "application/json").await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
    }
    assert_eq!(site.rows().await, before);
}

#[tokio::test]
async fn a_foreign_tenant_sees_and_changes_nothing() {
    let site = Site::busy().await;
    let void = Site::empty().await;
    let strangers = (site.app.plant.other_tenant().await, void.app.plant.other_tenant().await);
    let there = site.cookie(&strangers.0, Role::Administrator).await;
    let here = void.cookie(&strangers.1, Role::Administrator).await;
    let before = site.rows().await;
    for function in guarded().into_iter().filter(|function| !NEW.contains(&function.0)) {
        let arguments = arguments(function.0, &site.known);
        let seen = site.ask(&function, &arguments, &there, "application/json").await;
        let expected = void.ask(&function, &arguments, &here, "application/json").await;
        let plain = |answer: &Answer, ctx: &Ctx| anonymous(&answer.text, &ctx.tenant.name);
        assert_eq!(
            (seen.status, plain(&seen, &strangers.0)),
            (expected.status, plain(&expected, &strangers.1)),
            "{function:?}: not as if the other tenant did not exist"
        );
        let refused = seen.status == StatusCode::UNPROCESSABLE_ENTITY;
        assert!(refused || function.1 == Method::GET, "{function:?} took a foreign id: {}", seen.text);
        assert_eq!(site.rows().await, before, "{function:?}");
    }
}

/// An answer without what differs from one installation to the next: the tenant's name and the id of the request.
fn anonymous(text: &str, tenant: &str) -> String {
    let text = text.replace(tenant, "TENANT");
    match serde_json::from_str::<Value>(&text) {
        Ok(mut value) => {
            if let Some(request) = value.get_mut("request") {
                *request = Value::Null;
            }
            value.to_string()
        }
        Err(_) => text,
    }
}

#[tokio::test]
async fn a_viewer_reads_everything_and_writes_nothing() {
    let site = Site::busy().await;
    let viewer = site.cookie(&site.app.plant.ctx(), Role::Viewer).await;
    let before = site.rows().await;
    for function in guarded() {
        let arguments = arguments(function.0, &site.known);
        let answer = site.ask(&function, &arguments, &viewer, "application/json").await;
        assert!(
            !answer.text.contains("could not be read"),
            "{function:?}: say in `arguments` of this file how it is called"
        );
        if function.1 == Method::GET {
            assert_eq!(answer.status, StatusCode::OK, "{function:?}: {}", answer.text);
        } else {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{function:?}: {}", answer.text);
            assert!(answer.text.contains(REFUSED), "{function:?}: {}", answer.text);
        }
        assert_eq!(site.rows().await, before, "{function:?} wrote something");
    }
}
