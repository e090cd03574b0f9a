//! Lines, areas and bars.
//!
//! ```ignore
//! let chart = Chart::new("OEE by shift", (0.0, 8.0), (0.0, 100.0))
//!     .line(Paint::Main, points)
//!     .line(Paint::Target, vec![(0.0, 78.0), (8.0, 78.0)])
//!     .x_label(|x| format!("{x:02}:00"))
//!     .y_label(|y| format!("{y:.0}"));
//! view! { <LineChart chart /> }
//! ```
//!
//! A point whose value is NaN breaks the line: missing data is never bridged. The last point of the main line is a dot.

use leptos::prelude::*;
use plotters::chart::ChartBuilder;
use plotters::element::{Circle, Polygon, Rectangle};
use plotters::prelude::IntoDrawingArea;
use plotters::series::{AreaSeries, LineSeries};
use plotters::style::{Color, IntoFont, ShapeStyle};

pub use super::svg::Paint;
use super::svg::Svg;

/// Points of a series: x and value.
type Points = Vec<(f64, f64)>;
/// Writes the words at an axis.
type Label = Box<dyn Fn(f64) -> String>;

enum Series {
    Line(Paint, Points),
    Area(Paint, Points),
    Band(Paint, Vec<(f64, f64, f64)>),
    Bars(Paint, f64, Points),
}

/// A chart to be drawn.
pub struct Chart {
    title: String,
    size: (u32, u32),
    x: (f64, f64),
    y: (f64, f64),
    series: Vec<Series>,
    x_label: Label,
    y_label: Label,
}

impl Chart {
    /// A chart with this title and these ranges of x and value. Bars start at zero: let the values' range do so.
    pub fn new(title: impl Into<String>, x: (f64, f64), y: (f64, f64)) -> Self {
        let plain: fn(f64) -> String = |value| format!("{value:.0}");
        Self {
            title: title.into(),
            size: (640, 200),
            x,
            y,
            series: Vec::new(),
            x_label: Box::new(plain),
            y_label: Box::new(plain),
        }
    }

    /// Its size; it scales to its place, words and all, so give the true one.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.size = (width, height);
        self
    }

    /// Adds a line.
    #[must_use]
    pub fn line(mut self, paint: Paint, points: Points) -> Self {
        self.series.push(Series::Line(paint, points));
        self
    }

    /// Adds an area from zero.
    #[must_use]
    pub fn area(mut self, paint: Paint, points: Points) -> Self {
        self.series.push(Series::Area(paint, points));
        self
    }

    /// Adds the area between two values at each x.
    #[must_use]
    pub fn band(mut self, paint: Paint, points: Vec<(f64, f64, f64)>) -> Self {
        self.series.push(Series::Band(paint, points));
        self
    }

    /// Adds bars from zero, this wide in units of x, each centred on its x.
    #[must_use]
    pub fn bars(mut self, paint: Paint, width: f64, points: Points) -> Self {
        self.series.push(Series::Bars(paint, width, points));
        self
    }

    /// How the words at the x axis are written.
    #[must_use]
    pub fn x_label(mut self, label: impl Fn(f64) -> String + 'static) -> Self {
        self.x_label = Box::new(label);
        self
    }

    /// How the words at the value axis are written.
    #[must_use]
    pub fn y_label(mut self, label: impl Fn(f64) -> String + 'static) -> Self {
        self.y_label = Box::new(label);
        self
    }

    /// The shapes, without the `<svg>` around them.
    pub fn shapes(&self) -> String {
        let mut out = String::new();
        // The backend cannot fail; an empty range would, and leaves an empty chart.
        let _ = self.draw(&mut out);
        out
    }

    fn draw(&self, out: &mut String) -> Result<(), Box<dyn std::error::Error + '_>> {
        let area = Svg::new(out, self.size).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(8)
            .x_label_area_size(20)
            .y_label_area_size(36)
            .build_cartesian_2d(self.x.0..self.x.1, self.y.0..self.y.1)
            .map_err(|error| error.to_string())?;
        let label = ("sans-serif", 11).into_font().color(&Paint::Label.color());
        chart
            .configure_mesh()
            .disable_x_mesh()
            .max_light_lines(1)
            .light_line_style(Paint::Grid.color().mix(0.0))
            .bold_line_style(Paint::Grid.color())
            .axis_style(Paint::Axis.color())
            .label_style(label)
            .y_labels(5)
            .x_label_formatter(&|x| (self.x_label)(*x))
            .y_label_formatter(&|y| (self.y_label)(*y))
            .draw()
            .map_err(|error| error.to_string())?;
        for series in &self.series {
            let drawn = match series {
                Series::Line(paint, points) => {
                    for run in runs(points) {
                        let line = LineSeries::new(run.iter().copied(), paint.color());
                        chart.draw_series(line).map_err(|error| error.to_string())?;
                    }
                    let last = points.iter().rev().find(|(_, y)| !y.is_nan());
                    let dot = last.filter(|_| *paint == Paint::Main);
                    let style = ShapeStyle::from(paint.color()).filled();
                    chart.draw_series(dot.map(|point| Circle::new(*point, 3, style))).map(drop)
                }
                Series::Area(paint, points) => {
                    for run in runs(points) {
                        let area = AreaSeries::new(run.iter().copied(), 0.0, paint.color());
                        chart
                            .draw_series(area.border_style(paint.color()))
                            .map_err(|error| error.to_string())?;
                    }
                    Ok(())
                }
                Series::Band(paint, points) => {
                    for run in points.split(|(_, low, _)| low.is_nan()).filter(|run| !run.is_empty()) {
                        let below = run.iter().map(|(x, low, _)| (*x, *low));
                        let above = run.iter().rev().map(|(x, _, high)| (*x, *high));
                        let around: Vec<_> = below.chain(above).collect();
                        let area = Polygon::new(around, paint.color().filled());
                        chart.draw_series(std::iter::once(area)).map_err(|error| error.to_string())?;
                    }
                    Ok(())
                }
                Series::Bars(paint, width, points) => {
                    let bar = |&(x, y): &(f64, f64)| {
                        Rectangle::new([(x - width / 2.0, 0.0), (x + width / 2.0, y)], paint.color().filled())
                    };
                    chart.draw_series(points.iter().filter(|(_, y)| !y.is_nan()).map(bar)).map(drop)
                }
            };
            drawn.map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

/// The stretches of points without a missing value.
fn runs(points: &Points) -> impl Iterator<Item = &[(f64, f64)]> {
    points.split(|(_, y)| y.is_nan()).filter(|run| !run.is_empty())
}

/// Draws a chart.
#[component]
pub fn LineChart(
    /// What to draw.
    chart: Chart,
) -> impl IntoView {
    let (width, height) = chart.size;
    let shapes = chart.shapes();
    view! {
        <svg class="ch" viewBox=format!("0 0 {width} {height}") role="img" aria-label=chart.title>
            <g inner_html=shapes></g>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_theme_colours_the_chart() {
        let shapes = Chart::new("t", (0.0, 2.0), (0.0, 10.0))
            .line(Paint::Main, vec![(0.0, 1.0), (1.0, 5.0), (2.0, 9.0)])
            .bars(Paint::Amount, 0.5, vec![(1.0, 4.0)])
            .shapes();
        assert!(shapes.contains(r#"class="ln ln-1""#) && shapes.contains(r#"class="f-s3""#));
        for forbidden in ["style=", "rgb(", "stroke=\"#", "fill=\"#"] {
            assert!(!shapes.contains(forbidden), "{forbidden} in {shapes}");
        }
    }

    #[test]
    fn a_band_stands_between_its_values() {
        let band = vec![
            (0.0, 1.0, 3.0),
            (1.0, 2.0, 4.0),
            (2.0, f64::NAN, f64::NAN),
            (3.0, 1.0, 2.0),
            (4.0, 1.0, 2.0),
        ];
        let shapes = Chart::new("t", (0.0, 4.0), (0.0, 10.0)).band(Paint::Amount, band).shapes();
        assert_eq!(shapes.matches(r#"class="f-s3 f-soft""#).count(), 2);
    }

    #[test]
    fn missing_values_break_the_line() {
        let points = vec![(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, 3.0), (4.0, 4.0)];
        let shapes = Chart::new("t", (0.0, 4.0), (0.0, 10.0)).line(Paint::C1, points).shapes();
        assert_eq!(shapes.matches(r#"class="ln l-c1""#).count(), 2);
    }
}
