//! OEE from the plant down to one machine.

mod line;
mod machine;
mod overview;

pub use line::LinePage;
pub use machine::MachinePage;
pub use overview::OverviewPage;
