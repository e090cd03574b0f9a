//! The datapoint definition of a product: the JSON that `GET /v1/products/{product_key}/datapoint` answers, understood.
//!
//! A [`Definition`] keeps the document as it was read, to the order of its keys, and beside it what programs need of it:
//! the datapoints in the order of their ids and the places of their values in a device's status. What a document leaves
//! out (positions, `ui`, fixed values) is filled in, so that the answer always has the documented form.

mod read;
mod schema;
#[cfg(test)]
pub(crate) mod tests;
mod write;

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::datapoint::{Datapoint, Kind};
use super::layout::Layout;
use crate::{Error, Result, text};

pub use schema::DefinitionForm;

/// How a product's devices put values into bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Protocol {
    /// `standard`: every status carries all datapoints, each at its position.
    #[default]
    #[serde(rename = "standard")]
    Fixed,
    /// `var_len`: a status says which datapoints it carries, and carries only those.
    #[serde(rename = "var_len")]
    Variable,
}

impl Protocol {
    /// Its name in a definition.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fixed => "standard",
            Self::Variable => "var_len",
        }
    }
}

/// The datapoints of a product.
#[derive(Clone, Debug)]
pub struct Definition {
    document: Value,
    protocol: Protocol,
    datapoints: Vec<Datapoint>,
    by_name: HashMap<String, usize>,
    layout: Layout,
}

impl Definition {
    /// Reads a document. A refusal names what is wrong by its path: `entities[0].attrs[3].uint_spec.max`.
    pub fn read(document: Value) -> Result<Self> {
        let mut document = document;
        let (protocol, datapoints, layout) = read::document(&mut document)?;
        write::fill(&mut document, &datapoints);
        Ok(Self::assemble(document, protocol, datapoints, layout))
    }

    /// Reads a document given as text.
    pub fn parse(text: &str) -> Result<Self> {
        let document = serde_json::from_str(text).map_err(|cause| {
            Error::invalid("definition", text!("is not JSON: {cause}", "不是有效的 JSON：{cause}"))
        })?;
        Self::read(document)
    }

    /// A definition made from a list of datapoints: positions and `ui` follow from them.
    pub fn build(
        product_name: &str,
        product_key: &str,
        protocol: Protocol,
        datapoints: &[Datapoint],
    ) -> Result<Self> {
        Self::read(write::document(product_name, product_key, protocol, datapoints))
    }

    /// This definition with other datapoints. Positions and `ui` are made anew; everything else stays.
    pub fn with_datapoints(&self, datapoints: &[Datapoint]) -> Result<Self> {
        let mut document = self.document.clone();
        write::replace_datapoints(&mut document, self.protocol, datapoints);
        Self::read(document)
    }

    /// This definition under another product's name and key: an imported one belongs to the product it was imported to.
    #[must_use]
    pub fn of_product(mut self, product_name: &str, product_key: &str) -> Self {
        if let Value::Object(document) = &mut self.document {
            document.insert("name".into(), product_name.into());
            document.insert("product_key".into(), product_key.into());
        }
        self
    }

    /// Reads a single datapoint, in the form it has among `attrs`. A refusal names what is wrong: `uint_spec.max`.
    pub fn datapoint(attr: &Value) -> Result<Datapoint> {
        read::one(attr)
    }

    fn assemble(document: Value, protocol: Protocol, datapoints: Vec<Datapoint>, layout: Layout) -> Self {
        let by_name =
            datapoints.iter().enumerate().map(|(index, datapoint)| (datapoint.name.clone(), index)).collect();
        Self { document, protocol, datapoints, by_name, layout }
    }

    /// The document, as the Enterprise API answers it.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Name of the product the document gives.
    pub fn product_name(&self) -> &str {
        self.document["name"].as_str().unwrap_or_default()
    }

    /// Key of the product the document gives.
    pub fn product_key(&self) -> &str {
        self.document["product_key"].as_str().unwrap_or_default()
    }

    /// How its devices put values into bytes.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// All datapoints, in the order of their ids.
    pub fn datapoints(&self) -> &[Datapoint] {
        &self.datapoints
    }

    /// Whether nothing is defined yet.
    pub fn is_empty(&self) -> bool {
        self.datapoints.is_empty()
    }

    /// The datapoint of this name.
    pub fn find(&self, name: &str) -> Option<&Datapoint> {
        self.position(name).map(|index| &self.datapoints[index])
    }

    /// The datapoint with this id.
    pub fn with_id(&self, id: u32) -> Option<&Datapoint> {
        let index = self.datapoints.binary_search_by_key(&id, |datapoint| datapoint.id).ok()?;
        self.datapoints.get(index)
    }

    /// The datapoints of a kind, in the order of their ids.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Datapoint> {
        self.datapoints.iter().filter(move |datapoint| datapoint.kind == kind)
    }

    /// Where a datapoint stands among [`Self::datapoints`].
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Where values lie in a status of fixed length.
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }
}

/// Two definitions are one when their documents are.
impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        self.document == other.document
    }
}

impl Serialize for Definition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Definition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Definition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        DefinitionForm::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        DefinitionForm::json_schema(generator)
    }
}
