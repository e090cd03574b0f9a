//! Nodes of the two models: what kinds there are, which stands under which, and their publish state.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Error, Millis, Result, Text, text};

/// One of the two trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Model {
    /// Factory, workshop, production line, machining center, equipment.
    Factory,
    /// Technology, process, step.
    Process,
}

/// What a node is; the wire names are those of the parameters `type` and `parentType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum NodeKind {
    /// Level 1 of the factory model.
    Factory,
    /// Level 2.
    Workshop,
    /// Level 3, a production line.
    Beltline,
    /// Level 4.
    MachiningCenter,
    /// Level 5: a link to an equipment's master record, whose id the node has.
    Equipment,
    /// Level 1 of the process model, a process route.
    Technology,
    /// Level 2, an operation of a route.
    Process,
    /// Level 3.
    Step,
}

impl NodeKind {
    /// Every kind, each model from the root down.
    pub const ALL: [Self; 8] = [
        Self::Factory,
        Self::Workshop,
        Self::Beltline,
        Self::MachiningCenter,
        Self::Equipment,
        Self::Technology,
        Self::Process,
        Self::Step,
    ];

    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Factory => "factory",
            Self::Workshop => "workshop",
            Self::Beltline => "beltline",
            Self::MachiningCenter => "machiningCenter",
            Self::Equipment => "equipment",
            Self::Technology => "technology",
            Self::Process => "process",
            Self::Step => "step",
        }
    }

    /// Its name for people.
    pub fn title(self) -> Text {
        match self {
            Self::Factory => text!("factory", "工厂"),
            Self::Workshop => text!("workshop", "车间"),
            Self::Beltline => text!("production line", "产线"),
            Self::MachiningCenter => text!("machining center", "加工中心"),
            Self::Equipment => text!("equipment", "设备"),
            Self::Technology => text!("technology", "工艺"),
            Self::Process => text!("process", "工序"),
            Self::Step => text!("step", "步骤"),
        }
    }

    /// The tree it belongs to.
    pub fn model(self) -> Model {
        match self {
            Self::Factory | Self::Workshop | Self::Beltline | Self::MachiningCenter | Self::Equipment => {
                Model::Factory
            }
            Self::Technology | Self::Process | Self::Step => Model::Process,
        }
    }

    /// Its level, 1 at the root; in the factory model the `ftyModelValue` of the other chapters.
    pub fn level(self) -> i64 {
        match self {
            Self::Factory | Self::Technology => 1,
            Self::Workshop | Self::Process => 2,
            Self::Beltline | Self::Step => 3,
            Self::MachiningCenter => 4,
            Self::Equipment => 5,
        }
    }

    /// The kind on this level of this model.
    pub fn at(model: Model, level: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.model() == model && kind.level() == level)
    }

    /// The kind its parent has; `None` at the root.
    pub fn parent(self) -> Option<Self> {
        Self::at(self.model(), self.level() - 1)
    }

    /// The kind its children have; `None` at the leaves.
    pub fn child(self) -> Option<Self> {
        Self::at(self.model(), self.level() + 1)
    }

    /// Reads a kind that must be one of `allowed`; case and outer blanks do not matter.
    pub fn parse(param: &str, value: &str, allowed: &[Self]) -> Result<Self> {
        let found = allowed.iter().find(|kind| kind.as_str().eq_ignore_ascii_case(value.trim()));
        found.copied().ok_or_else(|| {
            let names = allowed.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
            Error::invalid(param, text!("must be one of {names}", "应为以下之一：{names}"))
        })
    }
}

/// The number under which a statement answers a kind: the level in the factory model, 10 more in the process model.
impl TryFrom<i64> for NodeKind {
    type Error = String;

    fn try_from(stored: i64) -> Result<Self, String> {
        let kind = if stored > 10 {
            Self::at(Model::Process, stored - 10)
        } else {
            Self::at(Model::Factory, stored)
        };
        kind.ok_or_else(|| format!("no kind of node is stored as {stored}"))
    }
}

/// Publish state. Unpublished nodes can be used already, archived ones no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Flag {
    /// To be published: the code may still change.
    Unpublish,
    /// Published: every ancestor is published too.
    Publish,
    /// Archived for good: every descendant is archived too, the codes stay taken.
    Archive,
}

impl Flag {
    /// Its name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unpublish => "unpublish",
            Self::Publish => "publish",
            Self::Archive => "archive",
        }
    }
}

impl TryFrom<String> for Flag {
    type Error = String;

    fn try_from(stored: String) -> Result<Self, String> {
        [Self::Unpublish, Self::Publish, Self::Archive]
            .into_iter()
            .find(|flag| flag.as_str() == stored)
            .ok_or_else(|| format!("no publish state is stored as {stored}"))
    }
}

/// A node of either model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Its id; on level 5 of the factory model the id of the equipment's master record.
    pub id: i64,
    /// The node one level above; `None` at the root.
    pub parent_id: Option<i64>,
    /// What it is.
    #[cfg_attr(feature = "server", sqlx(try_from = "i64"))]
    pub kind: NodeKind,
    /// Its code, unique in its model; of an equipment the asset number.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Its place among its siblings, smaller first.
    pub order_index: Option<i64>,
    /// Its publish state.
    #[cfg_attr(feature = "server", sqlx(try_from = "String"))]
    pub flag: Flag,
    /// When it was created.
    pub created_at: Millis,
    /// When it was last changed.
    pub modified_at: Millis,
}

impl Node {
    /// Its level, 1 at the root.
    pub fn level(&self) -> i64 {
        self.kind.level()
    }

    /// Whether it can still be used: it is not archived.
    pub fn usable(&self) -> bool {
        self.flag != Flag::Archive
    }
}
