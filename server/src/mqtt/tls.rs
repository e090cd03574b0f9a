//! Encrypted connections: certificate and key from files.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::cli::Failure;

/// Reads a chain of certificates and its key.
pub(super) fn acceptor(certificates: &Path, key: &Path) -> Result<TlsAcceptor, Failure> {
    let unreadable = |option: &str, file: &Path, cause: &dyn std::fmt::Display| {
        Failure::new(format!("{option}: cannot read {}: {cause}; name a PEM file", file.display()))
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(certificates)
        .map_err(|error| unreadable("--mqtt-tls-cert", certificates, &error))?
        .collect();
    let chain = chain.map_err(|error| unreadable("--mqtt-tls-cert", certificates, &error))?;
    let key_der =
        PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable("--mqtt-tls-key", key, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key_der))
        .map_err(|error| {
            Failure::new(format!(
                "--mqtt-tls-cert and --mqtt-tls-key: {error}; give a certificate and its own key"
            ))
        })?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
