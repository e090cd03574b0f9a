//! OEE from the plant down to one machine.

mod axis;
mod kinds;
mod line;
mod machine;
mod overview;
mod ratio;

pub use line::LinePage;
pub use machine::MachinePage;
pub use overview::OverviewPage;
