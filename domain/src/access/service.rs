//! Use cases of tenants, applications, people and sessions.
