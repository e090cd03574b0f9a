//! Definitions of products, remembered until they change.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::store;
use crate::Result;
use crate::ctx::Services;
use crate::device::Definition;
use crate::device::machine::MachineRule;
use crate::device::position::PositionRule;

/// How often it is asked whether another process changed a product.
const TRUSTED: Duration = Duration::from_secs(1);

/// What is remembered of products. A product that is gone, or whose definition cannot be read, is `None`.
#[derive(Default)]
pub(super) struct Products {
    known: HashMap<(i64, i64), Remembered>,
    asked: Option<Instant>,
    version: u64,
}

struct Remembered {
    modified_at: i64,
    definition: Option<Arc<Definition>>,
    rule: Option<MachineRule>,
    position: Option<PositionRule>,
}

impl Products {
    /// Makes sure that these products are known as they are now.
    pub async fn refresh(
        &mut self,
        services: &Services,
        needed: impl Iterator<Item = (i64, i64)>,
    ) -> Result<()> {
        let version = services.links.products_version();
        let mut needed: Vec<_> = needed.collect();
        needed.sort_unstable();
        needed.dedup();
        let missing = needed.iter().any(|product| !self.known.contains_key(product));
        let fresh = self.asked.is_some_and(|asked| asked.elapsed() < TRUSTED) && version == self.version;
        if fresh && !missing {
            return Ok(());
        }
        let asked = Instant::now();
        let mut read = services.db.read().await?;
        let current = store::products(&mut read, &needed).await?;
        let changed: Vec<_> = needed
            .iter()
            .filter(|product| {
                let known = self.known.get(product).map(|known| known.modified_at);
                known.is_none() || current.get(product).copied() != known || version != self.version
            })
            .copied()
            .collect();
        let mut definitions = store::definitions(&mut read, &changed).await?;
        for product in changed {
            let said = definitions.remove(&product).unwrap_or_default();
            let definition = match Definition::parse(&said.definition) {
                Ok(definition) => Some(Arc::new(definition)),
                Err(error) => {
                    tracing::warn!(?error, product = product.1, "a product has no readable definition");
                    None
                }
            };
            let rule =
                said.machine_rule.and_then(|rule| machine_rule(&rule, definition.as_deref()?, product.1));
            let position = said.position_rule.and_then(|rule| {
                let document = serde_json::from_str(&rule).ok()?;
                PositionRule::read(&document, definition.as_deref()?).ok()
            });
            let modified_at = said.modified_at;
            self.known.insert(product, Remembered { modified_at, definition, rule, position });
        }
        self.asked = Some(asked);
        self.version = version;
        Ok(())
    }

    /// The definition of a product.
    pub fn definition(&self, product: (i64, i64)) -> Option<&Arc<Definition>> {
        self.known.get(&product)?.definition.as_ref()
    }

    /// What the datapoints of a product mean for a machine.
    pub fn machine_rule(&self, product: (i64, i64)) -> Option<&MachineRule> {
        self.known.get(&product)?.rule.as_ref()
    }

    /// Which datapoints of a product say where a device is.
    pub fn position_rule(&self, product: (i64, i64)) -> Option<&PositionRule> {
        self.known.get(&product)?.position.as_ref()
    }
}

/// A rule that does not fit the definition (any more) is none.
fn machine_rule(text: &str, definition: &Definition, product_id: i64) -> Option<MachineRule> {
    let document = serde_json::from_str(text).ok()?;
    match MachineRule::read(&document, definition) {
        Ok(rule) => Some(rule),
        Err(error) => {
            tracing::warn!(?error, product = product_id, "a product has no usable rule for machines");
            None
        }
    }
}
