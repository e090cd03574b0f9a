//! Cursors: where to read on, signed, so that any process knows its own and nobody makes one up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::db::Conn;
use crate::device::store::secrets;
use crate::time::{MINUTE, Millis};
use crate::{Ctx, Error, Result, id, text};

/// How long a cursor is good.
const LIFE: Millis = 60 * MINUTE;
/// Bytes of the signature.
const SIGNATURE: usize = 16;
/// Name of the key in the store.
const KEY: &str = "cursor";

/// Where to read on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// Which list.
    pub list: u8,
    /// Of which device.
    pub device_id: i64,
    /// The window, milliseconds, both ends included.
    pub window: (Millis, Millis),
    /// What arrived later is not a part of the list.
    pub known_at: Millis,
    /// Whether older ones come first.
    pub ascending: bool,
    /// Records of the whole list, and of it before this place.
    pub counts: (i64, i64),
    /// The last record that was answered, as the list is ordered.
    pub after: Option<(i64, i64, i64)>,
    /// Until when it is good.
    pub expires_at: Millis,
}

impl Cursor {
    /// As text.
    pub(super) async fn sign(&self, ctx: &Ctx) -> Result<String> {
        let whole = Self { expires_at: ctx.now() + LIFE, ..self.clone() };
        let said = serde_json::to_vec(&whole).map_err(Error::internal)?;
        let mut bytes = signature(&key(ctx).await?, ctx.tenant_id(), &said)?;
        bytes.extend(said);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The cursor of a text that this installation signed for this tenant; 5002 when it is none, or has expired.
    pub(super) async fn read(ctx: &Ctx, context: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(context).ok().filter(|bytes| bytes.len() > SIGNATURE);
        let bytes = bytes.ok_or_else(unknown)?;
        let (signed, said) = bytes.split_at(SIGNATURE);
        if signature(&key(ctx).await?, ctx.tenant_id(), said)? != signed {
            return Err(unknown());
        }
        let cursor: Self = serde_json::from_slice(said).map_err(|_| unknown())?;
        if cursor.expires_at <= ctx.now() {
            return Err(Error::invalid(
                "context",
                text!(
                    "has expired after an hour; begin anew without it",
                    "已超过一小时失效，请去掉后重新查询"
                ),
            ));
        }
        Ok(cursor)
    }
}

/// A cursor that is none, or one of another list.
pub(super) fn unknown() -> Error {
    Error::invalid(
        "context",
        text!("must be the one that the call before answered", "应为上一次调用返回的 context"),
    )
}

fn signature(key: &str, tenant_id: i64, said: &[u8]) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(Error::internal)?;
    mac.update(&tenant_id.to_be_bytes());
    mac.update(said);
    Ok(mac.finalize().into_bytes()[..SIGNATURE].to_vec())
}

/// The installation's key, made at first use.
async fn key(ctx: &Ctx) -> Result<String> {
    let mut read = ctx.read().await?;
    if let Some(key) = secrets::find(&mut read, KEY).await? {
        return Ok(key);
    }
    drop(read);
    let mut tx = ctx.begin().await?;
    let conn: &mut Conn = &mut tx;
    secrets::insert(conn, KEY, &id::secret(32)).await?;
    let key = secrets::find(conn, KEY).await?;
    tx.commit().await?;
    key.ok_or_else(|| Error::internal("a secret just written is not there"))
}
