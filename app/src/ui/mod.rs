//! The shared parts of pages, each small, each in the states the look asks for.

mod dialog;
mod figures;
mod form;
mod header;
mod icon;
mod lines;
mod link;
mod number;
mod pager;
mod panel;
mod range_bar;
mod range_rule;
mod scroll;
mod states;
mod table;
mod toast;
mod tree;

pub use dialog::Dialog;
pub use figures::FiguresTable;
pub use form::{Drafted, Field, FormError, Select, done, drafted, failure};
pub use header::PageHeader;
pub use icon::{Icon, Mark};
pub use lines::Lines;
pub use link::{link_with, query};
pub use number::grouped;
pub use pager::Pager;
pub use panel::Panel;
pub use range_bar::{RangeBar, RangePicker, RangePresets, day_name, use_range};
pub use scroll::Scroll;
pub use states::{EmptyState, ErrorView, NotFound, Skeleton};
pub use table::{Column, DataTable};
pub use toast::{ToastRack, Toasts};
pub use tree::{Load, Tree, TreeNode};
