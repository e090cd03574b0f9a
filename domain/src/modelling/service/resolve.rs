//! From an id or a code in the parameters to the node that is meant.

use crate::db::Conn;
use crate::modelling::store::nodes;
use crate::modelling::{Model, Node, NodeKind};
use crate::{Error, Result, Text, text};

/// The kinds of the factory model.
pub(super) const FACTORY_KINDS: &[NodeKind] = &[
    NodeKind::Factory,
    NodeKind::Workshop,
    NodeKind::Beltline,
    NodeKind::MachiningCenter,
    NodeKind::Equipment,
];
/// The kinds of the process model.
pub(super) const PROCESS_KINDS: &[NodeKind] = &[NodeKind::Technology, NodeKind::Process, NodeKind::Step];

/// An id or a code as given, with the names of the two parameters. The id wins.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) id: Option<i64>,
    pub(super) code: Option<&'a str>,
    pub(super) names: (&'static str, &'static str),
}

impl Given<'_> {
    /// The parameter that says which node is meant.
    pub(super) fn param(&self) -> &'static str {
        if self.id.is_some() || self.code.is_none() { self.names.0 } else { self.names.1 }
    }

    /// The node of this model that is meant, if there is one; 460 when neither id nor code is given.
    pub(super) async fn find(&self, conn: &mut Conn, tenant_id: i64, model: Model) -> Result<Option<Node>> {
        match (self.id, self.code) {
            (Some(id), _) => nodes::by_id(conn, tenant_id, model, id).await,
            (None, Some(code)) => nodes::by_code(conn, tenant_id, model, code).await,
            (None, None) => {
                let (id, code) = self.names;
                Err(Error::invalid(id, text!("{id} or {code} is required", "{id} 与 {code} 至少填写一个")))
            }
        }
    }

    /// The node of this kind that is meant.
    pub(super) async fn node(&self, conn: &mut Conn, tenant_id: i64, kind: NodeKind) -> Result<Node> {
        let found = self.find(conn, tenant_id, kind.model()).await?;
        found.filter(|node| node.kind == kind).ok_or_else(|| Error::unknown(self.param(), kind.title()))
    }

    /// The node of this kind that is meant, refused when it is archived.
    pub(super) async fn usable_node(&self, conn: &mut Conn, tenant_id: i64, kind: NodeKind) -> Result<Node> {
        let node = self.node(conn, tenant_id, kind).await?;
        if node.usable() { Ok(node) } else { Err(archived(self.param(), &node)) }
    }
}

/// The refusal to use an archived node.
pub(super) fn archived(param: &str, node: &Node) -> Error {
    let (Text { en, zh }, code) = (node.kind.title(), &node.code);
    Error::invalid(
        param,
        text!("{en} {code} is archived and can no longer be used", "{zh} {code} 已归档，不能再使用"),
    )
}

/// A text that must say something.
pub(super) fn not_blank(param: &str, value: &str) -> Result<()> {
    if value.trim().is_empty() {
        return Err(Error::invalid(param, text!("must not be empty", "不能为空")));
    }
    Ok(())
}
