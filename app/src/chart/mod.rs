//! Charts: SVG with classes instead of colours, drawn alike on the server and in the browser.
//!
//! - [`lines`]: lines, areas and bars over time or categories. `plotters` lays out axes and series; the theme colours them
//!   through classes (`ln`, `ax`, `gr`, `f-c1` …). Build a [`lines::Chart`] and put [`lines::LineChart`] into the page.
//! - [`timeline`]: machine states over time with their patterns, from pure geometry: [`timeline::layout`] and
//!   [`timeline::Timeline`].
//!
//! Every chart takes a title for those who cannot see it, and the page shows the same data as a table.

pub mod lines;
mod svg;
pub mod timeline;
