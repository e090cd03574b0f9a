//! What every service gets first: who asks, for which tenant, with which services and clock.

use std::sync::Arc;

use crate::access::service::Directory;
use crate::access::{Access, Actor, Area, Tenant};
use crate::db::{Db, Read, Tx};
use crate::device::atlas::Atlas;
use crate::device::link::Links;
use crate::events::{Changed, Events, Topic};
use crate::id::Ids;
use crate::time::{Clock, Millis, SystemClock};
use crate::{Error, Result};

/// The services that live as long as the process.
#[derive(Clone)]
pub struct Services {
    /// The store.
    pub db: Db,
    /// Hands out ids.
    pub ids: Ids,
    /// Tells watchers what changed.
    pub events: Events,
    /// Where "now" comes from.
    pub clock: Arc<dyn Clock>,
    /// What was looked up of tenants and applications a moment ago.
    pub directory: Arc<Directory>,
    /// The way to the devices that are connected to this process.
    pub links: Links,
    /// Knows where the addresses of devices are, if anything does.
    pub atlas: Option<Arc<dyn Atlas>>,
}

impl Services {
    /// Services over an open store, with the machine's clock.
    pub async fn open(db: Db) -> Result<Self> {
        let ids = Ids::open(db.clone()).await?;
        let directory = Arc::default();
        Ok(Self {
            db,
            ids,
            events: Events::default(),
            clock: Arc::new(SystemClock),
            directory,
            links: Links::default(),
            atlas: None,
        })
    }
}

/// The context of one call.
#[derive(Clone)]
pub struct Ctx {
    /// Who asks, and what they may do.
    pub actor: Actor,
    /// The enterprise whose data this call sees; every statement filters by its id.
    pub tenant: Arc<Tenant>,
    /// The services behind the call.
    pub services: Services,
}

impl Ctx {
    /// The tenant's id: first argument of every statement.
    pub fn tenant_id(&self) -> i64 {
        self.tenant.id
    }

    /// The current instant.
    pub fn now(&self) -> Millis {
        self.services.clock.now()
    }

    /// A new id.
    pub fn next_id(&self) -> i64 {
        self.services.ids.next()
    }

    /// Refuses with 403 unless the actor has this access to this area. The first line of every service.
    pub fn require(&self, area: Area, access: Access) -> Result<()> {
        if self.actor.may(area, access) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Read> {
        self.services.db.read().await
    }

    /// Begins a write: one call, one transaction.
    pub async fn begin(&self) -> Result<Tx> {
        self.services.db.begin().await
    }

    /// Tells watchers that something of this tenant changed; after the commit.
    pub fn changed(&self, topic: Topic) {
        self.services.events.publish(Changed { tenant_id: self.tenant.id, topic });
    }
}
