//! Passwords: argon2id, one hashing at a time.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::ctx::Services;
use crate::{Error, Result, id, text};

/// Memory of one hashing, in KiB.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Fewest characters of a password that a person chooses.
pub(super) const MIN_PASSWORD: usize = 8;
/// Most bytes of a password: hashing more is only work.
const MAX_PASSWORD: usize = 512;

/// Refuses passwords that are too short or too long.
pub(super) fn check(param: &str, password: &str) -> Result<()> {
    if password.chars().count() < MIN_PASSWORD || password.len() > MAX_PASSWORD {
        return Err(Error::invalid(
            param,
            text!(
                "must have at least {MIN_PASSWORD} characters and at most {MAX_PASSWORD} bytes",
                "至少 {MIN_PASSWORD} 个字符，最多 {MAX_PASSWORD} 字节"
            ),
        ));
    }
    Ok(())
}

/// A password that a person is given to begin with.
pub(super) fn one_time() -> String {
    super::readable_secret(16)
}

/// Hashes a password to PHC form.
pub(super) async fn hash(services: &Services, password: String) -> Result<String> {
    alone(services, move || {
        let salt = SaltString::encode_b64(id::secret(16).as_bytes()).map_err(hashing_failed)?;
        Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(hashing_failed)?.to_string())
    })
    .await
}

/// Whether the password is the one of this hash. Without a hash the same work is done, and the answer is no.
pub(super) async fn verify(services: &Services, hash: Option<String>, password: String) -> Result<bool> {
    let Some(stored) = hash else {
        self::hash(services, password).await?;
        return Ok(false);
    };
    alone(services, move || {
        let stored = PasswordHash::new(&stored).map_err(hashing_failed)?;
        Ok(argon2()?.verify_password(password.as_bytes(), &stored).is_ok())
    })
    .await
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(|cause| Error::internal(cause.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hashing_failed(cause: argon2::password_hash::Error) -> Error {
    Error::internal(cause.to_string())
}

/// Runs the work off the runtime, and never two at once: a flood of sign-ins must not take all memory and processors.
/// The permit goes with the work, because a caller that is cancelled does not stop it.
async fn alone<T: Send + 'static>(
    services: &Services,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let permit = services.directory.hashing.clone().acquire_owned().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    })
    .await
    .map_err(Error::internal)?
}
