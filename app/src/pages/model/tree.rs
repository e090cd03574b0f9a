//! The tree of a model, for the pages that choose a node in it.

use std::sync::Arc;

use domain::modelling::{Flag, Model, NodeKind, TreeRow};
use leptos::prelude::*;

use crate::api::Result;
use crate::api::modelling::{Branch, get_children};
use crate::ui::{ErrorView, Load, Tree, TreeNode};
use crate::words::{chinese, tu_string, words};

/// Where the tree stands and which one it is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Path of the page whose `node` it sets.
    pub page: &'static str,
    /// Which tree.
    pub model: Model,
    /// Whether it shows archived nodes.
    pub archived: bool,
}

impl Place {
    /// The address of a node on the page.
    pub fn href(self, id: i64) -> String {
        let archived = if self.archived { "&archived=1" } else { "" };
        format!("{}?node={id}{archived}", self.page)
    }

    fn node(self, row: TreeRow, below: Option<Vec<TreeNode>>) -> TreeNode {
        let TreeRow { node, children } = row;
        let name = if node.flag == Flag::Archive {
            format!("{} ({})", node.name, flag_words(node.flag))
        } else {
            node.name
        };
        TreeNode {
            id: node.id,
            name,
            icon: icon(node.kind),
            href: self.href(node.id),
            count: (children > 0).then_some(children),
            branch: children > 0,
            children: below,
        }
    }

    fn branch(self, branch: Branch) -> TreeNode {
        let below = branch.below.map(|below| below.into_iter().map(|branch| self.branch(branch)).collect());
        self.node(branch.row, below)
    }
}

/// The tree, open down to the node shown.
#[component]
pub fn ModelTree(
    /// Where it stands.
    place: Place,
    /// What of it is loaded.
    branches: Result<Vec<Branch>>,
    /// The node shown.
    #[prop(optional_no_strip)]
    current: Option<i64>,
) -> impl IntoView {
    let branches = match branches {
        Ok(branches) => branches,
        Err(error) => return view! { <ErrorView error /> }.into_any(),
    };
    let nodes = branches.into_iter().map(|branch| place.branch(branch)).collect();
    let load: Load = Arc::new(move |id| {
        Box::pin(async move {
            let rows = get_children(place.model, id, place.archived).await?;
            Ok(rows.into_iter().map(|row| place.node(row, None)).collect())
        })
    });
    view! { <Tree nodes current load label=tu_string!(words(), model.tree) /> }.into_any()
}

/// The icon of a kind of node.
pub fn icon(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Factory => "i-org",
        NodeKind::Workshop => "i-box",
        NodeKind::Beltline | NodeKind::Technology => "i-route",
        NodeKind::MachiningCenter => "i-grid",
        NodeKind::Equipment => "i-device",
        NodeKind::Process => "i-gear",
        NodeKind::Step => "i-check2",
    }
}

/// A publish state in words.
pub fn flag_words(flag: Flag) -> &'static str {
    match flag {
        Flag::Unpublish => tu_string!(words(), model.flag_unpublish),
        Flag::Publish => tu_string!(words(), model.flag_publish),
        Flag::Archive => tu_string!(words(), model.flag_archive),
    }
}

/// A kind of node in words.
pub fn kind_words(kind: NodeKind) -> String {
    kind.title().in_language(chinese()).to_owned()
}
