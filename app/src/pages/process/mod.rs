//! Process routes, their operations and steps: the same tree as the factory model's, over the other model.

use domain::modelling::Model;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::pages::model::Browser;

/// Process routes.
pub struct ProcessPage(Browser);

#[lazy_route]
impl LazyRoute for ProcessPage {
    fn data() -> Self {
        Self(Browser::new("/process", Model::Process))
    }

    fn view(this: Self) -> AnyView {
        this.0.view()
    }
}
