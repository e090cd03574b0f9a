//! Which store a command works on.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use domain::access::{Tenant, service as access};
use domain::ctx::Services;
use domain::db::Db;

use super::{Failure, chain};

/// Where the data folder is when nothing says otherwise.
const DEFAULT_DATA: &str = "millwright-data";
/// Name of the database in the data folder.
const DATABASE: &str = "millwright.db";

/// Options that say where the data is.
#[derive(Args, Clone)]
#[expect(clippy::doc_markdown, reason = "the text of --help, shown as it is")]
pub struct Options {
    /// Folder of the embedded database [default: millwright-data]
    #[arg(long, global = true, value_name = "DIR", env = "MILLWRIGHT_DATA", help_heading = "Data")]
    pub data: Option<PathBuf>,
    /// PostgreSQL database instead of a data folder: postgres://user:password@host/name
    ///
    /// The variable DATABASE_URL counts too, unless a data folder is given.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "MILLWRIGHT_DATABASE_URL",
        hide_env_values = true,
        help_heading = "Data"
    )]
    pub database_url: Option<String>,
}

/// Where the data is.
pub enum Place {
    /// In a folder, in the embedded database.
    Folder(PathBuf),
    /// In PostgreSQL.
    Postgres(String),
}

/// Whether a command may begin a new store.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Make an empty one.
    Create,
    /// Say that there is none.
    Refuse,
}

impl Options {
    /// Where the data is.
    pub fn place(&self) -> Place {
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        if let Some(url) = self.database_url.clone().and_then(given) {
            return Place::Postgres(url);
        }
        if let Some(folder) = &self.data {
            return Place::Folder(folder.clone());
        }
        match std::env::var("DATABASE_URL").ok().and_then(given) {
            Some(url) => Place::Postgres(url),
            None => Place::Folder(DEFAULT_DATA.into()),
        }
    }

    /// Opens the store.
    pub async fn open(&self, missing: Missing) -> Result<Services, Failure> {
        let db = match self.place() {
            Place::Folder(folder) => open_folder(&folder, missing).await?,
            Place::Postgres(url) => open_postgres(&url).await?,
        };
        Ok(Services::open(db).await?)
    }

    /// Opens the store and finds the tenant meant by `--tenant`.
    pub async fn open_for(&self, tenant: Option<&str>) -> Result<(Services, Arc<Tenant>), Failure> {
        let services = self.open(Missing::Refuse).await?;
        let tenant = match tenant {
            Some(name) => access::find_tenant(&services, name).await?,
            None => access::default_tenant(&services).await?,
        };
        if let Some(tenant) = tenant {
            return Ok((services, tenant));
        }
        let names: Vec<_> = access::list_tenants(&services).await?.into_iter().map(|t| t.name).collect();
        Err(Failure::new(if names.is_empty() {
            "there is no tenant yet; start `millwright serve` once, or use `millwright tenant create`"
                .to_owned()
        } else {
            format!("name one of the tenants with --tenant: {}", names.join(", "))
        }))
    }
}

/// The database file of a data folder.
pub fn database_file(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

/// Makes a data folder that only its owner can look into: it holds secrets.
pub fn create_folder(folder: &Path) -> Result<(), Failure> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| {
        Failure::new(format!(
            "cannot create the data folder {}: {error}; choose another with --data",
            folder.display()
        ))
    })
}

/// Opens a file for writing that only its owner may read; what is in it stays.
pub fn create_private(file: &Path) -> std::io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(file)
}

async fn open_folder(folder: &Path, missing: Missing) -> Result<Db, Failure> {
    let file = database_file(folder);
    if missing == Missing::Refuse && !file.exists() {
        return Err(Failure::new(format!(
            "there is no data in {}; name its folder with --data, or start `millwright serve` once",
            folder.display()
        )));
    }
    create_folder(folder)?;
    create_private(&file)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", file.display())))?;
    Db::open_sqlite(&file)
        .await
        .map_err(|error| Failure::new(format!("cannot open {}: {}", file.display(), chain(&error))))
}

async fn open_postgres(url: &str) -> Result<Db, Failure> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(Failure::new("--database-url: must begin with postgres://; for files use --data"));
    }
    Db::open_postgres(url).await.map_err(|error| {
        Failure::new(format!(
            "cannot open the database of --database-url: {}; start PostgreSQL there, or correct the URL",
            chain(&error)
        ))
    })
}
