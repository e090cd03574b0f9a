//! A `plotters` backend that writes SVG with classes instead of colours, so that the theme colours the chart.
//!
//! `plotters` knows only colours, so each class is given a colour nobody sees: [`Paint::color`] on the way in, and back to
//! its class on the way out.

use std::convert::Infallible;
use std::fmt::Write;

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

/// What a stroke or an area is, in the words of the stylesheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Paint {
    /// An axis.
    Axis = 1,
    /// A grid line.
    Grid,
    /// The main line.
    Main,
    /// A target or forecast: dashed.
    Target,
    /// Words at an axis.
    Label,
    /// A plain amount (steel).
    Amount,
    /// Category 1 to 8 follow in order.
    C1,
    /// Category 2.
    C2,
    /// Category 3.
    C3,
    /// Category 4.
    C4,
}

impl Paint {
    const ALL: [Self; 10] = [
        Self::Axis,
        Self::Grid,
        Self::Main,
        Self::Target,
        Self::Label,
        Self::Amount,
        Self::C1,
        Self::C2,
        Self::C3,
        Self::C4,
    ];

    /// The colour that stands for it inside `plotters`.
    pub fn color(self) -> RGBColor {
        RGBColor(self as u8, 0, 0)
    }

    fn of(color: BackendColor) -> Self {
        Self::ALL.into_iter().find(|paint| *paint as u8 == color.rgb.0).unwrap_or(Self::Grid)
    }

    fn stroke(self) -> &'static str {
        match self {
            Self::Axis => "ax",
            Self::Grid => "gr",
            Self::Main => "ln ln-1",
            Self::Target => "ln ln-d",
            Self::Label => "tk",
            Self::Amount => "ln l-s4",
            Self::C1 => "ln l-c1",
            Self::C2 => "ln l-c2",
            Self::C3 => "ln l-c3",
            Self::C4 => "ln l-c4",
        }
    }

    fn fill(self) -> &'static str {
        match self {
            Self::Axis | Self::Grid | Self::Target => "f-line",
            Self::Main | Self::Label => "f-ink2",
            Self::Amount => "f-s3",
            Self::C1 => "f-c1",
            Self::C2 => "f-c2",
            Self::C3 => "f-c3",
            Self::C4 => "f-c4",
        }
    }
}

/// Collects the shapes of a chart.
pub struct Svg<'a> {
    size: (u32, u32),
    out: &'a mut String,
}

impl<'a> Svg<'a> {
    /// Writes shapes for a drawing of this size into `out`; the `<svg>` around them is the caller's.
    pub fn new(out: &'a mut String, size: (u32, u32)) -> Self {
        Self { size, out }
    }

    fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(arguments);
    }

    fn path(&mut self, class: &str, points: impl IntoIterator<Item = BackendCoord>, close: bool) {
        self.write(format_args!(r#"<path class="{class}" d=""#));
        for (index, (x, y)) in points.into_iter().enumerate() {
            self.write(format_args!("{}{x} {y}", if index == 0 { 'M' } else { 'L' }));
        }
        self.write(format_args!(r#"{}"/>"#, if close { "Z" } else { "" }));
    }
}

type Result<T> = std::result::Result<T, DrawingErrorKind<Infallible>>;

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result<()> {
        Ok(())
    }

    fn present(&mut self) -> Result<()> {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Result<()> {
        let class = Paint::of(color).fill();
        self.write(format_args!(r#"<path class="{class}" d="M{x} {y}h1v1h-1z"/>"#));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Result<()> {
        self.path(Paint::of(style.color()).stroke(), [from, to], false);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x0, y0): BackendCoord,
        (x1, y1): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<()> {
        let paint = Paint::of(style.color());
        let (class, none) = if fill { (paint.fill(), "") } else { (paint.stroke(), " f-none") };
        let (x, y, width, height) = (x0.min(x1), y0.min(y1), x0.abs_diff(x1), y0.abs_diff(y1));
        self.write(format_args!(
            r#"<rect class="{class}{none}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#
        ));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<()> {
        self.path(Paint::of(style.color()).stroke(), path, false);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result<()> {
        let paint = Paint::of(style.color());
        let class = match (fill, paint) {
            (true, Paint::Main) => "dot",
            (true, _) => paint.fill(),
            (false, _) => paint.stroke(),
        };
        self.write(format_args!(r#"<circle class="{class}" cx="{x}" cy="{y}" r="{radius}"/>"#));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<()> {
        let class = Paint::of(style.color()).fill();
        self.path(&format!("{class} f-soft"), path, true);
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Result<()> {
        let anchor = style.anchor();
        let horizontal = match anchor.h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        // Baselines of an 11 px face.
        let y = match anchor.v_pos {
            VPos::Top => y + 9,
            VPos::Center => y + 4,
            VPos::Bottom => y - 2,
        };
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.write(format_args!(
            r#"<text class="t-3" x="{x}" y="{y}" text-anchor="{horizontal}">{text}</text>"#
        ));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(&self, text: &str, _style: &S) -> Result<(u32, u32)> {
        // Chinese characters are as wide as they are high, Latin ones about half.
        let width: f64 = text.chars().map(|c| if c.is_ascii() { 6.1 } else { 11.0 }).sum();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few hundred pixels at most"
        )]
        Ok((width.ceil() as u32, 11))
    }

    fn blit_bitmap(&mut self, _at: BackendCoord, _size: (u32, u32), _pixels: &[u8]) -> Result<()> {
        Ok(())
    }
}
