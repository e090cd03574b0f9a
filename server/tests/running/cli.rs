//! The command line of the built binary: what it prints, how it ends, and what it says when it refuses.

use std::time::Duration;

use crate::process::{Server, data, run, values};
use domain::db::Kind;
use domain::db::testing::TestDb;
use tempfile::tempdir;

/// A refused command ends with a failure and one line on standard error; gives back that line.
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    let reason = String::from_utf8(output.stderr).expect("text");
    assert!(!output.status.success(), "{arguments:?} was not refused");
    assert!(output.stdout.is_empty(), "{arguments:?} printed something");
    assert_eq!(reason.lines().count(), 1, "{reason}");
    reason.strip_prefix("millwright: ").expect("the program says who speaks").trim().to_owned()
}

fn with<'a>(arguments: &[&'a str], store: [&'a str; 2]) -> Vec<&'a str> {
    [arguments, &store[..]].concat()
}

const LOG: &str = "/industry/message/log/send";

fn log(app_id: &str, title: &str) -> String {
    format!(r#"{{"application":"A","module":"M","title":"{title}","type":2,"appId":"{app_id}"}}"#)
}

#[test]
fn help_and_version_are_no_failures() {
    for arguments in [&["--help"][..], &["--version"], &["serve", "--help"], &["app", "create", "--help"]] {
        let output = run(arguments);
        assert!(output.status.success() && output.stderr.is_empty() && !output.stdout.is_empty());
    }
    assert_eq!(run(&["app"]).status.code(), Some(2));
}

#[test]
fn what_is_mistyped_is_refused_in_one_line() {
    let cases: [(&[&str], &str); 6] = [
        (&["frobnicate"], "unrecognized subcommand 'frobnicate'"),
        (&["tenant", "create"], "--name <NAME>"),
        (&["serve", "--listen"], "--listen <ADDRESS>"),
        (&["app", "create", "--name", "A", "--app-key", "K"], "--app-secret <SECRET>"),
        (&["identity", "map", "--source", "S", "--corp-id", "C", "--user-id", "U"], "--employee"),
        (&["openapi", "soap"], "industry"),
    ];
    for (arguments, reason) in cases {
        let line = refused(arguments);
        assert!(line.contains(reason) && line.ends_with("add --help to see the options"), "{line}");
    }
}

#[test]
fn a_folder_without_data_is_not_made_into_a_store_by_mistake() {
    let folder = tempdir().expect("a folder");
    let absent = folder.path().join("absent");
    let line = refused(&with(&["app", "create", "--name", "A"], data(&absent)));
    assert!(line.contains("name its folder with --data"), "{line}");
    assert!(!absent.exists());
    let line = refused(&["app", "create", "--name", "A", "--database-url", "mysql://x"]);
    assert!(line.contains("postgres://"), "{line}");
}

#[test]
fn serve_refuses_what_it_cannot_use() {
    let folder = tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("an address").to_string();
    let cases = [
        (["--listen", &taken], "choose another with --listen"),
        (["--public-url", "plant.example"], "--public-url"),
        (["--log", "a=b=c"], "--log"),
        (["--data", "/dev/null/folder"], "--data"),
    ];
    for (option, reason) in cases {
        let line = if option[0] == "--data" {
            refused(&with(&["serve"], option))
        } else {
            refused(&with(&with(&["serve"], option), data(folder.path())))
        };
        assert!(line.contains(reason), "{line}");
    }
}

#[test]
fn the_first_start_prints_a_password_once_and_every_stop_is_quick() {
    let folder = tempdir().expect("a folder");
    let server = Server::start(data(folder.path()));
    assert!(server.url.starts_with("http://127.0.0.1:"));
    let health = ureq::get(format!("{}/health", server.url)).call().expect("an answer");
    assert_eq!(health.status(), 200);
    let (time, first) = server.stop();
    assert!(time < Duration::from_secs(5), "{time:?}");
    assert!(first.contains("sign in as admin with the one-time password "), "{first}");
    let (_, second) = Server::start(data(folder.path())).stop();
    assert_eq!(second, "");
}

#[test]
fn an_application_made_while_the_server_runs_can_call_at_once() {
    let folder = tempdir().expect("a folder");
    let store = data(folder.path());
    let server = Server::start(store);
    let app = values(&with(&["app", "create", "--name", "A"], store));
    let [key, secret, code, app_id] = &app[..] else { panic!("{app:?}") };
    let call = |secret: &str, path: &str, params: &str| {
        run(&["call", path, params, "--server", &server.url, "--app-key", key, "--app-secret", secret])
    };
    let answer = call(secret, LOG, &log(app_id, "T"));
    let text = String::from_utf8(answer.stdout).expect("text");
    assert!(answer.status.success(), "{text} {:?}", String::from_utf8(answer.stderr));
    assert!(text.contains("\"code\": 200"), "{text}");

    let refusals = [
        call("wrong", LOG, &log(app_id, "T")),
        call(secret, LOG, &log("foreign", "T")),
        call(secret, LOG, "{}"),
        call(secret, LOG, "[]"),
        call(secret, LOG, "no JSON"),
        call(secret, "industry", "{}"),
    ];
    for output in refusals {
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1);
    }
    let by_code = ureq::post(format!("{}{LOG}", server.url))
        .header("authorization", format!("APPCODE {code}"))
        .send(format!(r#"{{"id":"1","version":"1.0","params":{}}}"#, log(app_id, "T")));
    let by_code = by_code.expect("an answer").body_mut().read_to_string().expect("text");
    assert!(by_code.contains("\"code\":200"), "{by_code}");
    server.kill();
    let gone =
        refused(&["call", LOG, "--server", "http://127.0.0.1:1", "--app-key", "K", "--app-secret", "S"]);
    assert!(gone.starts_with("--server: cannot be reached"), "{gone}");
}

#[test]
fn given_keys_are_used_and_taken_ones_refused() {
    let folder = tempdir().expect("a folder");
    let store = data(folder.path());
    let made = values(&with(&["tenant", "create", "--name", "Works", "--time-zone", "Europe/Berlin"], store));
    assert_eq!((made[0].as_str(), made[1].as_str(), made.len()), ("Works", "admin", 3));
    let line = refused(&with(&["tenant", "create", "--name", "Works"], store));
    assert!(line.starts_with("--name: a tenant Works exists already"), "{line}");
    let line = refused(&with(&["tenant", "create", "--name", "N", "--time-zone", "Mars"], store));
    assert!(line.starts_with("--time-zone: "), "{line}");

    let create = ["app", "create", "--name", "A", "--app-key", "K", "--app-secret", "S", "--app-id", "I"];
    let app = values(&with(&create, store));
    assert_eq!((app[0].as_str(), app[1].as_str(), app[3].as_str()), ("K", "S", "I"));
    let line = refused(&with(&create, store));
    assert!(line.starts_with("--app-key: K is taken"), "{line}");

    values(&with(&["tenant", "create", "--name", "Other"], store));
    let line = refused(&with(&["app", "create", "--name", "B"], store));
    assert!(line.contains("--tenant: Works, Other"), "{line}");
    let shared = ["app", "create", "--name", "A", "--tenant", "Other", "--app-key", "K", "--app-secret", "S"];
    assert_eq!(values(&with(&shared, store)).len(), 3);
}

#[test]
fn a_tenant_is_removed_when_that_is_really_meant() {
    let folder = tempdir().expect("a folder");
    let store = data(folder.path());
    for name in ["Works", "Other"] {
        values(&with(&["tenant", "create", "--name", name], store));
    }
    values(&with(&["app", "create", "--name", "A", "--tenant", "Other"], store));
    let remove = ["tenant", "delete", "--name"];
    let line = refused(&with(&[&remove[..], &["Nobody", "--yes"]].concat(), store));
    assert_eq!(line, "--name: no tenant is called Nobody; there are: Works, Other");
    let line = refused(&with(&[&remove[..], &["Other"]].concat(), store));
    assert!(line.ends_with("rows for good; add --yes to do it"), "{line}");
    let server = Server::start(store);
    assert_eq!(values(&with(&[&remove[..], &["Other", "--yes"]].concat(), store)), ["Other"]);
    assert!(server.stop().0 < Duration::from_secs(5));
    let line = refused(&with(&[&remove[..], &["Other", "--yes"]].concat(), store));
    assert!(line.ends_with("there are: Works"), "{line}");
    values(&with(&["tenant", "create", "--name", "Other"], store));
}

#[test]
fn a_database_that_is_not_there_is_said_at_once() {
    let began = std::time::Instant::now();
    let line = refused(&["serve", "--database-url", "postgres://nobody@127.0.0.1:1/none"]);
    assert!(line.contains("start PostgreSQL there, or correct the URL"), "{line}");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

#[test]
fn an_enterprise_and_its_users_are_mapped() {
    let folder = tempdir().expect("a folder");
    let store = data(folder.path());
    values(&with(&["tenant", "create", "--name", "Works"], store));
    values(&with(&["tenant", "create", "--name", "Other"], store));
    let map = ["identity", "map", "--source", "SAAS", "--corp-id", "C", "--tenant"];
    assert_eq!(values(&with(&[&map[..], &["Works"]].concat(), store)), ["Works"]);
    let user = |employee| [&map[..], &["Works", "--user-id", "U", "--employee", employee]].concat();
    values(&with(&user("admin"), store));
    let line = refused(&with(&user("nobody"), store));
    assert!(line.starts_with("--employee: "), "{line}");
    let line = refused(&with(&[&map[..], &["Other"]].concat(), store));
    assert!(line.starts_with("--corp-id: C of SAAS belongs to another tenant"), "{line}");
}

#[test]
fn a_password_is_reset_with_and_without_choosing_one() {
    let folder = tempdir().expect("a folder");
    let store = data(folder.path());
    values(&with(&["tenant", "create", "--name", "Works"], store));
    let reset = ["admin", "reset-password", "--login", "admin"];
    assert_eq!(values(&with(&reset, store)).len(), 2);
    let chosen = [&reset[..], &["--password", "chosen by hand"]].concat();
    assert_eq!(values(&with(&chosen, store)), ["admin"]);
    let line = refused(&with(&[&reset[..], &["--password", "short"]].concat(), store));
    assert!(line.starts_with("--password: must have at least"), "{line}");
    let line = refused(&with(&["admin", "reset-password", "--login", "nobody"], store));
    assert!(line.starts_with("--login: nobody signs in as nobody"), "{line}");
}

#[test]
fn a_backup_taken_while_the_server_runs_comes_back() {
    let folder = tempdir().expect("a folder");
    let (live, restored) = (folder.path().join("live"), folder.path().join("restored"));
    let file = folder.path().join("copy.db");
    let file = file.to_str().expect("a path");
    let server = Server::start(data(&live));
    values(&with(&["tenant", "create", "--name", "Works"], data(&live)));
    assert_eq!(values(&with(&["backup", file], data(&live))), [file]);
    let line = refused(&with(&["backup", file], data(&live)));
    assert!(line.ends_with("exists; choose another file"), "{line}");
    server.kill();

    let line = refused(&with(&["restore", file], data(&live)));
    assert!(line.ends_with("name an empty folder with --data"), "{line}");
    values(&with(&["restore", file], data(&restored)));
    values(&with(&["app", "create", "--name", "A", "--tenant", "Works"], data(&restored)));
    let (_, first) = Server::start(data(&restored)).stop();
    assert_eq!(first, "", "a restored store is no first start");

    let damaged = folder.path().join("damaged.db");
    std::fs::write(&damaged, "SQLite format 3\0 and then nothing").expect("a file");
    let target = folder.path().join("target");
    let line = refused(&with(&["restore", damaged.to_str().expect("a path")], data(&target)));
    assert!(line.contains("is no backup this version can read"), "{line}");
    assert_eq!(std::fs::read_dir(&target).expect("a folder").count(), 0);
    for arguments in [["backup", file], ["restore", file]] {
        let line = refused(&with(&arguments, ["--database-url", "postgres://localhost/none"]));
        assert!(line.contains("pg_"), "{line}");
    }
}

#[tokio::test]
async fn everything_works_on_postgresql_too() {
    let database = TestDb::new(Kind::Postgres).await;
    let store = ["--database-url", database.location.as_str()];
    let server = Server::start(store);
    let app = values(&with(&["app", "create", "--name", "A"], store));
    let params = log(&app[3], "T");
    let call = ["call", LOG, &params, "--server", &server.url, "--app-key", &app[0], "--app-secret", &app[1]];
    assert!(run(&call).status.success());
    let (time, first) = server.stop();
    assert!(time < Duration::from_secs(5), "{time:?}");
    assert!(first.contains("one-time password"), "{first}");
}

#[test]
fn an_enterprise_and_a_product_are_made_and_a_token_is_issued_for_them() {
    let folder = tempdir().expect("a folder");
    let store = data(folder.path());
    let server = Server::start(store);
    let enterprise = values(&with(&["enterprise", "create"], store));
    assert_eq!(enterprise.iter().map(String::len).collect::<Vec<_>>(), [32, 32]);
    let chosen = ["enterprise", "create", "--enterprise-id", "E", "--enterprise-secret", "S"];
    assert_eq!(values(&with(&chosen, store)), ["E", "S"]);
    let line = refused(&with(&chosen, store));
    assert!(line.starts_with("--enterprise-id: E is taken"), "{line}");
    let line = refused(&with(&["enterprise", "create", "--allow", "10.0.0.0/8,nowhere"], store));
    assert!(line.starts_with("--allow: nowhere is no address"), "{line}");

    let file = folder.path().join("definition.json");
    let name = file.to_str().expect("a path");
    let import = ["product", "import", name, "--product-key", "K"];
    let line = refused(&with(&import, store));
    assert!(line.starts_with(&format!("cannot read {name}")), "{line}");
    let definition = |data_type: &str| {
        let text = format!(
            r#"{{"name":"Pump","protocolType":"standard","entities":[{{"id":0,"name":"entity0","display_name":"",
            "attrs":[{{"id":0,"name":"on","display_name":"","type":"status_writable","data_type":"{data_type}"}}]}}]}}"#
        );
        std::fs::write(&file, text).expect("a file");
    };
    definition("boolean");
    let line = refused(&with(&import, store));
    assert!(line.contains("definition.json: entities[0].attrs[0].data_type"), "{line}");
    definition("bool");
    let product = values(&with(&import, store));
    assert_eq!((product.len(), product[0].as_str()), (2, "K"));
    assert_eq!(values(&with(&import, store)), ["K"], "its secret stays");

    let body =
        format!(r#"{{"enterprise_id":"E","enterprise_secret":"S","product_secret":"{}"}}"#, product[1]);
    let token = post(&server.url, "/v1/products/K/access_token", &body);
    assert!(token.contains(r#""token":"#) && token.contains(r#""expired_at":"#), "{token}");
}

/// The body that a call with POST is answered with.
fn post(url: &str, path: &str, body: &str) -> String {
    let mut answer = ureq::post(format!("{url}{path}")).send(body).expect("an answer");
    answer.body_mut().read_to_string().expect("text")
}

#[test]
fn the_description_of_the_api_is_printed() {
    let output = run(&["openapi", "industry"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.starts_with('{') && text.contains(LOG), "{}", &text[..200]);
    let output = run(&["openapi", "enterprise"]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("/v1/products/{product_key}/access_token"), "{}", &text[..200]);
}
