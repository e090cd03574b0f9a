//! Tenants, actors and what they may do.

#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::time::Zone;

/// An enterprise. Nothing of one is ever visible to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenant {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The zone of its plant: wall times on the wire and on screen are of this zone.
    pub zone: Zone,
}

/// The parts of the product that rights are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Area {
    /// Shifts and planned shutdowns.
    Calendar,
    /// Factory model and process routes.
    Modelling,
    /// Metadata and master-data records.
    MasterData,
    /// Machine states and OEE.
    Oee,
    /// Production reports and quality controls.
    Quality,
    /// Logs of applications.
    Log,
    /// Products and devices: what they are, what they sent, what they are told.
    Device,
    /// Groups, users and bindings of devices, and the reports over them.
    Fleet,
    /// Tenants, people, applications.
    Administration,
}

/// What one wants to do in an [`Area`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Access {
    /// See it.
    Read,
    /// Change it.
    Write,
}

/// The preset roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Sees and changes everything of the tenant.
    Administrator,
    /// Sees everything but the administration, changes nothing.
    Viewer,
}

impl Role {
    /// Its stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Viewer => "viewer",
        }
    }

    /// The role with this stored name.
    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Administrator, Self::Viewer].into_iter().find(|role| role.as_str() == name)
    }

    /// Whether this role has this access.
    pub fn may(self, area: Area, access: Access) -> bool {
        match self {
            Self::Administrator => true,
            Self::Viewer => access == Access::Read && area != Area::Administration,
        }
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The program itself, or its command line: an administrator of the tenant.
    System,
    /// An application by its signed call; with the rights of an employee when the call names one.
    Application {
        /// Its id.
        id: i64,
        /// Its name, for logs.
        name: String,
        /// The employee named by the call and their role.
        employee: Option<(i64, Role)>,
    },
    /// A person in the browser, or a user token.
    Employee {
        /// Its id (`employeeId` = `auid`).
        id: i64,
        /// Shown name.
        name: String,
        /// What they may do.
        role: Role,
    },
}

impl Actor {
    /// Whether this actor has this access.
    pub fn may(&self, area: Area, access: Access) -> bool {
        match self {
            Self::System | Self::Application { employee: None, .. } => true,
            Self::Application { employee: Some((_, role)), .. } | Self::Employee { role, .. } => {
                role.may(area, access)
            }
        }
    }

    /// The employee behind the call, if one is.
    pub fn employee_id(&self) -> Option<i64> {
        match self {
            Self::Employee { id, .. } | Self::Application { employee: Some((id, _)), .. } => Some(*id),
            Self::System | Self::Application { employee: None, .. } => None,
        }
    }

    /// A name for logs and records.
    pub fn name(&self) -> &str {
        match self {
            Self::System => "system",
            Self::Application { name, .. } | Self::Employee { name, .. } => name,
        }
    }
}
