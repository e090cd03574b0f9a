//! Fresh databases for tests, and the plant that most tests stand in.
//!
//! PostgreSQL is expected at `MILLWRIGHT_TEST_POSTGRES` (`cargo xtask test` starts a cluster of its own and sets it).

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::{Db, Kind, sql};
use crate::Ctx;
use crate::access::{Actor, Role, Tenant};
use crate::ctx::Services;
use crate::device::link::Links;
use crate::events::Events;
use crate::id::{Ids, uuid};
use crate::time::{ManualClock, Zone};

/// Writes one test for both databases: `sqlite_NAME` and `postgres_NAME`.
///
/// ```text
/// db_test!(async fn a_shift_is_listed(plant: TestPlant) { … });
/// ```
#[macro_export]
macro_rules! db_test {
    ($(#[$meta:meta])* async fn $name:ident($plant:ident: TestPlant) $body:block) => {
        $crate::pastey::paste! {
            $(#[$meta])*
            #[tokio::test]
            async fn [<sqlite_ $name>]() {
                let $plant = $crate::db::testing::TestPlant::new($crate::db::Kind::Sqlite).await;
                $body
            }
            $(#[$meta])*
            #[tokio::test]
            async fn [<postgres_ $name>]() {
                let $plant = $crate::db::testing::TestPlant::new($crate::db::Kind::Postgres).await;
                $body
            }
        }
    };
}

/// A fresh database. The SQLite file goes with it.
pub struct TestDb {
    /// The open store.
    pub db: Db,
    /// What `--database-url` or the data folder would be.
    pub location: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestDb {
    /// An empty, migrated database of this kind.
    ///
    /// # Panics
    /// When there is none to be had.
    pub async fn new(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let db = Db::open_sqlite(&folder.path().join("millwright.db")).await.expect("a store");
                Self { db, location: folder.path().display().to_string(), _folder: Some(folder) }
            }
            Kind::Postgres => {
                let (options, location) = fresh_schema().await;
                let db = Db::open_postgres_with(options, 6).await.expect("a store");
                Self { db, location, _folder: None }
            }
        }
    }
}

/// An empty schema of its own on the server of the tests, and the URL that leads there.
pub(super) async fn fresh_schema() -> (PgConnectOptions, String) {
    let url = std::env::var("MILLWRIGHT_TEST_POSTGRES").expect(
        "MILLWRIGHT_TEST_POSTGRES names no PostgreSQL server; `cargo xtask test` starts one and sets it",
    );
    let schema = format!("t{}", uuid().replace('-', ""));
    let mut conn = PgConnection::connect(&url).await.expect("PostgreSQL answers");
    sqlx::QueryBuilder::<sqlx::Postgres>::new("CREATE SCHEMA ")
        .push(&schema)
        .build()
        .execute(&mut conn)
        .await
        .expect("a schema");
    let options: PgConnectOptions = url.parse().expect("a URL");
    let location = format!("{url}?options=-csearch_path%3D{schema}");
    (options.options([("search_path", schema)]), location)
}

/// A tenant in Asia/Shanghai in a fresh database, its clock standing at 2026-06-01 08:00 plant time.
pub struct TestPlant {
    /// The database.
    pub database: TestDb,
    /// Its services.
    pub services: Services,
    /// The clock of the services.
    pub clock: Arc<ManualClock>,
    tenant: Arc<Tenant>,
}

impl TestPlant {
    /// A fresh plant.
    ///
    /// # Panics
    /// When there is no database to be had.
    pub async fn new(kind: Kind) -> Self {
        let database = TestDb::new(kind).await;
        let clock = Arc::new(ManualClock::at(1_780_272_000_000));
        let services = Services {
            db: database.db.clone(),
            ids: Ids::open(database.db.clone()).await.expect("ids"),
            events: Events::default(),
            clock: clock.clone(),
            directory: Arc::default(),
            links: Links::default(),
            atlas: None,
        };
        let tenant = tenant(&services, "Test plant", "Asia/Shanghai").await;
        Self { database, services, clock, tenant }
    }

    /// A context with all rights.
    pub fn ctx(&self) -> Ctx {
        Ctx { actor: Actor::System, tenant: self.tenant.clone(), services: self.services.clone() }
    }

    /// A context that may only read.
    pub fn viewer(&self) -> Ctx {
        let actor = Actor::Employee { id: 1, name: "viewer".into(), role: Role::Viewer };
        Ctx { actor, ..self.ctx() }
    }

    /// A tenant's rows as texts, by table: equal before and after what must not have touched them.
    ///
    /// # Panics
    /// When they cannot be read.
    pub async fn rows_of(&self, tenant_id: i64) -> BTreeMap<String, Vec<Vec<String>>> {
        let mut read = self.services.db.read().await.expect("a connection");
        super::schema::rows_of(&mut read, tenant_id).await.expect("rows")
    }

    /// A context with all rights of another tenant of the same installation.
    pub async fn other_tenant(&self) -> Ctx {
        self.in_zone("Asia/Shanghai").await
    }

    /// A context with all rights of another tenant, whose plant is in this zone.
    pub async fn in_zone(&self, zone: &str) -> Ctx {
        let tenant = tenant(&self.services, &format!("Plant {}", uuid()), zone).await;
        Ctx { tenant, ..self.ctx() }
    }
}

async fn tenant(services: &Services, name: &str, zone: &str) -> Arc<Tenant> {
    let id = services.ids.next();
    let mut tx = services.db.begin().await.expect("a write");
    sql("INSERT INTO tenant (id, name, time_zone, is_default, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(name)
        .bind(zone)
        .bind(false)
        .bind(services.clock.now())
        .run(&mut tx)
        .await
        .expect("a tenant");
    tx.commit().await.expect("a commit");
    Arc::new(Tenant { id, name: name.into(), zone: Zone::named(zone).expect("a zone") })
}
