//! The web router as browsers meet it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use domain::access::Role;
use domain::access::service::{CreateEmployee, create_employee};
use domain::db::Kind;
use domain::db::testing::TestPlant;
use tower::ServiceExt;

use super::{WebConfig, router};

struct Site {
    router: Router,
    password: String,
}

impl Site {
    async fn new() -> Self {
        let plant = TestPlant::new(Kind::Sqlite).await;
        let params =
            CreateEmployee { name: "Planner".into(), login: Some("planner".into()), role: Role::Viewer };
        let new = create_employee(&plant.ctx(), params).await.expect("a person");
        let router = router(plant.services.clone(), WebConfig::default());
        // The database lives as long as the plant.
        std::mem::forget(plant);
        Self { router, password: new.password.expect("a password") }
    }

    async fn get(&self, path: &str, cookie: &str) -> Response<Body> {
        let request =
            Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request");
        self.router.clone().oneshot(request).await.expect("an answer")
    }

    async fn post(&self, path: &str, origin: &str, form: &str) -> Response<Body> {
        let request = Request::post(path)
            .header(header::HOST, "plant")
            .header(header::ORIGIN, origin)
            .header(header::ACCEPT, "text/html")
            .header(header::REFERER, "http://plant/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .expect("a request");
        self.router.clone().oneshot(request).await.expect("an answer")
    }

    async fn sign_in(&self) -> String {
        let form = format!("login=planner&password={}&next=/oee", self.password);
        let answer = self.post("/ui/sign-in", "http://plant", &form).await;
        assert_eq!(answer.headers()[header::LOCATION], "/oee");
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        cookie.split(';').next().expect("a pair").to_owned()
    }
}

async fn text(answer: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("a text")
}

#[tokio::test]
async fn who_is_not_signed_in_is_asked_to_and_comes_back() {
    let site = Site::new().await;
    let answer = site.get("/oee?range=week", "").await;
    assert_eq!(answer.headers()[header::LOCATION], "/sign-in?next=/oee%3Frange%3Dweek");
    assert_eq!(site.get("/ui/events", "").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(site.get("/ui/me", "").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_signed_in_person_sees_the_plant_and_may_leave() {
    let site = Site::new().await;
    let session = site.sign_in().await;
    let page = text(site.get("/oee", &session).await).await;
    assert!(page.contains("Test plant") && page.contains("Planner"), "{page}");
    assert_eq!(site.get("/ui/events", &session).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_foreign_page_changes_nothing() {
    let site = Site::new().await;
    let form = format!("login=planner&password={}", site.password);
    let answer = site.post("/ui/sign-in", "http://evil.example", &form).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(!answer.headers().contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn pages_load_nothing_foreign_and_nothing_inline() {
    let site = Site::new().await;
    let answer = site.get("/sign-in", "language=zh; theme=dark").await;
    let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("a policy").to_owned();
    assert!(policy.starts_with("default-src 'self'; script-src 'self' 'nonce-"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let page = text(answer).await;
    assert!(page.contains(r#"lang="zh""#) && page.contains(r#"data-theme="dark""#), "{page}");
    assert!(page.contains("登录") && !page.contains("style="), "{page}");
}

#[tokio::test]
async fn an_unknown_page_is_a_404() {
    let site = Site::new().await;
    let session = site.sign_in().await;
    assert_eq!(site.get("/nowhere", &session).await.status(), StatusCode::NOT_FOUND);
}
