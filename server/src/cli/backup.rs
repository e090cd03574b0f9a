//! Backup and restore of the data folder.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use domain::db::Db;

use super::store::{Missing, Options, Place, create_folder, create_private, database_file};
use super::{Failure, chain, say};

#[derive(Args)]
pub(super) struct Backup {
    /// The file to write; it must not exist
    file: PathBuf,
}

#[derive(Args)]
pub(super) struct Restore {
    /// A file that `millwright backup` wrote
    file: PathBuf,
}

pub(super) async fn backup(store: &Options, Backup { file }: Backup) -> Result<(), Failure> {
    folder(store, "back it up with pg_dump")?;
    if file.exists() {
        return Err(Failure::new(format!("{} exists; choose another file", file.display())));
    }
    let services = store.open(Missing::Refuse).await?;
    let partial = beside(&file, ".partial");
    let written = async {
        empty_file(&partial)?;
        services.db.backup_to(&partial).await?;
        File::open(&partial).and_then(|copy| copy.sync_all()).map_err(|e| cannot("write", &partial, &e))?;
        std::fs::rename(&partial, &file).map_err(|error| cannot("write", &file, &error))
    }
    .await;
    services.db.close().await;
    if written.is_err() {
        // Half a backup is worse than none; the reason that is told is the first one.
        let _ = std::fs::remove_file(&partial);
    }
    written?;
    say(&format!("backup: {}", file.display()))
}

pub(super) async fn restore(store: &Options, Restore { file }: Restore) -> Result<(), Failure> {
    let folder = folder(store, "restore it with pg_restore")?;
    let target = database_file(&folder);
    if target.exists() {
        return Err(Failure::new(format!(
            "there is data in {}; name an empty folder with --data",
            folder.display()
        )));
    }
    let mut source = File::open(&file).map_err(|error| cannot("read", &file, &error))?;
    create_folder(&folder)?;
    // The copy gets its name only after it has proved to be a store.
    let partial = beside(&target, ".restoring");
    let restored = async {
        let mut copy = empty_file(&partial)?;
        std::io::copy(&mut source, &mut copy)
            .and_then(|_| copy.sync_all())
            .map_err(|error| cannot("write", &partial, &error))?;
        prove(&partial, &file).await?;
        std::fs::rename(&partial, &target).map_err(|error| cannot("write", &target, &error))?;
        File::open(&folder).and_then(|folder| folder.sync_all()).map_err(|e| cannot("write", &folder, &e))
    }
    .await;
    if restored.is_err() {
        for leftover in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(beside(&partial, leftover));
        }
    }
    restored?;
    say(&format!("restored: {}", folder.display()))
}

/// Opens the copy, which also brings it to the schema of this version.
async fn prove(copy: &Path, backup: &Path) -> Result<(), Failure> {
    let no_backup = |reason: String| {
        Failure::new(format!("{} is no backup this version can read: {reason}", backup.display()))
    };
    if !Db::is_backup(copy).await {
        return Err(no_backup("it is damaged, or no Millwright database".into()));
    }
    let db = Db::open_sqlite(copy).await.map_err(|error| no_backup(chain(&error)))?;
    db.close().await;
    Ok(())
}

fn folder(store: &Options, instead: &str) -> Result<PathBuf, Failure> {
    match store.place() {
        Place::Folder(folder) => Ok(folder),
        Place::Postgres(_) => Err(Failure::new(format!("the data is in PostgreSQL; {instead}"))),
    }
}

fn empty_file(file: &Path) -> Result<File, Failure> {
    let made = create_private(file).and_then(|made| made.set_len(0).map(|()| made));
    made.map_err(|error| cannot("write", file, &error))
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn cannot(act: &str, file: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot {act} {}: {error}", file.display()))
}
