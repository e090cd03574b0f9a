//! Definitions of products, remembered until they change.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::store;
use crate::Result;
use crate::ctx::Services;
use crate::device::Definition;

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
            let (modified_at, text) = definitions.remove(&product).unwrap_or_default();
            let definition = match Definition::parse(&text) {
                Ok(definition) => Some(Arc::new(definition)),
                Err(error) => {
                    tracing::warn!(?error, product = product.1, "a product has no readable definition");
                    None
                }
            };
            self.known.insert(product, Remembered { modified_at, definition });
        }
        self.asked = Some(asked);
        self.version = version;
        Ok(())
    }

    /// The definition of a product.
    pub fn definition(&self, product: (i64, i64)) -> Option<&Arc<Definition>> {
        self.known.get(&product)?.definition.as_ref()
    }
}
