//! SQL of tenants, applications, people and sessions.

pub(crate) mod applications;
pub(crate) mod identities;
pub(crate) mod people;
pub(crate) mod sessions;
pub(crate) mod tenants;
