//! Use cases of master data.

mod metadata;
mod modify;
mod records;

pub use metadata::{create_metadata, delete_metadata, query_metadata, query_properties};
pub use modify::modify_metadata;
pub use records::{query_records, write_records};

use super::{Metadata, record};
use crate::db::Conn;
use crate::{Error, Result, text};

/// The metadata meant by an id or a name; the id wins. `params` are the contract's names of both.
async fn meant(
    conn: &mut Conn,
    tenant_id: i64,
    id: Option<i64>,
    name: Option<&str>,
    params: (&str, &str),
) -> Result<Metadata> {
    match (id, name.filter(|name| !name.is_empty())) {
        (Some(id), _) => record::metadata_by_id(conn, tenant_id, id)
            .await?
            .ok_or_else(|| Error::unknown(params.0, text!("metadata {id}", "元数据 {id} "))),
        (None, Some(name)) => {
            super::cell::check_text(name, params.1)?;
            record::metadata_by_name(conn, tenant_id, name)
                .await?
                .ok_or_else(|| Error::unknown(params.1, text!("metadata {name}", "元数据 {name} ")))
        }
        (None, None) => {
            let (id, name) = params;
            Err(Error::invalid(id, text!("{id} or {name} is required", "{id} 和 {name} 必填其一")))
        }
    }
}
