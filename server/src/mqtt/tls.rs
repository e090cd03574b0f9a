//! Encrypted connections: certificate and key from files.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

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

/// Connects to brokers that these certificates vouch for, or the system's.
pub(super) fn connector(trusted: Option<&Path>) -> Result<TlsConnector, Failure> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = trusted {
        let unreadable = |cause: &dyn std::fmt::Display| {
            Failure::new(format!("--mqtt-ca: cannot read {}: {cause}; name a PEM file", file.display()))
        };
        let certificates: Result<Vec<_>, _> =
            CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))?.collect();
        for certificate in certificates.map_err(|error| unreadable(&error))? {
            roots.add(certificate).map_err(|error| unreadable(&error))?;
        }
    } else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err(Failure::new(
            "no certificates to trust the broker of --mqtt-url by; name a PEM file with --mqtt-ca",
        ));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new(format!("no encrypted connection is possible: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
