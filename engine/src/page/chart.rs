//! Charts of pages as inline SVG: no script, colours by the page's style sheet.

use std::fmt::Write;

use super::{escape, short, shortened};
use crate::metrics::curves::{Bar, CalibrationBin, Point};

/// Width and height of a chart in pixels of its own coordinates.
const SIZE: (f64, f64) = (420.0, 300.0);
/// Space for the axes: left, right, top, bottom.
const MARGIN: (f64, f64, f64, f64) = (56.0, 12.0, 12.0, 40.0);
/// Horizontal bars that a chart shows.
const MOST_BARS: usize = 20;

/// Words of a chart's axes.
pub(crate) struct Axes<'a> {
    /// What the chart shows, for people who cannot see it.
    pub title: &'a str,
    /// Below.
    pub x: &'a str,
    /// At the left.
    pub y: &'a str,
}

/// A bar with a name.
pub(crate) struct NamedBar<'a> {
    /// Its name: text.
    pub name: &'a str,
    /// Its length; negative ones have none.
    pub value: f64,
    /// How far its whisker reaches to both sides; `None`: it has none.
    pub spread: Option<f64>,
    /// What stands behind it: text.
    pub label: String,
}

/// Horizontal bars, the longest as wide as there is room.
pub(crate) fn bars(title: &str, items: &[NamedBar<'_>]) -> String {
    let items = &items[..items.len().min(MOST_BARS)];
    let reach = |item: &NamedBar<'_>| item.value + item.spread.unwrap_or(0.0);
    let largest = items.iter().map(reach).fold(f64::MIN_POSITIVE, f64::max);
    let height = items.len() as f64 * 24.0 + 8.0;
    let mut svg = format!(
        "<svg role=\"img\" aria-label=\"{}\" class=\"wide\" viewBox=\"0 0 640 {height}\">",
        escape(title)
    );
    for (place, item) in items.iter().enumerate() {
        let y = place as f64 * 24.0 + 6.0;
        let scale = |value: f64| 200.0 + value.max(0.0) / largest * 280.0;
        let end = scale(item.value);
        let name = escape(&shortened(item.name, 30));
        let middle = y + 12.0;
        let _ = write!(
            svg,
            "<text x=\"192\" y=\"{middle}\" text-anchor=\"end\">{name}</text>\
             <rect class=\"bar\" x=\"200\" y=\"{y}\" width=\"{:.1}\" height=\"15\"/>",
            (end - 200.0).max(0.5),
        );
        if let Some(spread) = item.spread {
            let _ = write!(
                svg,
                "<line class=\"whisker\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{whisker}\" y2=\"{whisker}\"/>",
                scale(item.value - spread),
                scale(item.value + spread),
                whisker = y + 7.5,
            );
        }
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{middle}\">{}</text>",
            scale(reach(item)).max(end) + 6.0,
            escape(&item.label)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// Upright bars without axes, for a glance: one path, however many they are.
pub(crate) fn glance(title: &str, counts: &[usize]) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let width = 240.0 / counts.len().max(1) as f64;
    let mut path = String::new();
    for (place, count) in counts.iter().enumerate() {
        if *count > 0 {
            let height = (*count as f64 / most * 60.0).max(1.0);
            let left = place as f64 * width;
            let _ = write!(
                path,
                "M{left:.1} 62v{:.1}h{:.1}v{height:.1}z",
                -height,
                width * 0.9
            );
        }
    }
    format!(
        "<svg role=\"img\" aria-label=\"{}\" class=\"glance\" viewBox=\"0 0 240 64\"><path class=\"bar\" d=\"{path}\"/></svg>",
        escape(title)
    )
}

/// A line through points, with the diagonal from the lower left to the upper right when `diagonal`.
pub(crate) fn line(points: &[Point], axes: &Axes<'_>, diagonal: bool) -> String {
    let frame = Frame::around(points, diagonal);
    let mut path = String::new();
    for (place, point) in points.iter().enumerate() {
        let (x, y) = frame.place(*point);
        let _ = write!(path, "{}{x:.1} {y:.1}", if place == 0 { "M" } else { "L" });
    }
    frame.chart(axes, diagonal, &format!("<path class=\"line\" d=\"{path}\"/>"))
}

/// Points, with the diagonal.
pub(crate) fn scatter(points: &[Point], axes: &Axes<'_>) -> String {
    let mut low = f64::INFINITY;
    let mut high = f64::NEG_INFINITY;
    for point in points {
        low = low.min(point.x).min(point.y);
        high = high.max(point.x).max(point.y);
    }
    let frame = Frame {
        x: (low, high),
        y: (low, high),
    };
    let mut marks = String::new();
    for point in points {
        let (x, y) = frame.place(*point);
        let _ = write!(
            marks,
            "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2\"/>"
        );
    }
    frame.chart(axes, true, &marks)
}

/// Predicted against actual probability; a circle's area grows with its rows.
pub(crate) fn calibration(bins: &[CalibrationBin], axes: &Axes<'_>) -> String {
    let frame = Frame {
        x: (0.0, 1.0),
        y: (0.0, 1.0),
    };
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1) as f64;
    let mut marks = String::new();
    for bin in bins {
        let (x, y) = frame.place(Point {
            x: bin.predicted,
            y: bin.actual,
        });
        let radius = 3.0 + 7.0 * (bin.count as f64 / most).sqrt();
        let _ = write!(
            marks,
            "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"/>"
        );
    }
    frame.chart(axes, true, &marks)
}

/// Upright bars.
pub(crate) fn histogram(bars: &[Bar], axes: &Axes<'_>) -> String {
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
        return String::new();
    };
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(1) as f64;
    let frame = Frame {
        x: (first.from, last.to),
        y: (0.0, most),
    };
    let mut marks = String::new();
    for bar in bars {
        let (left, top) = frame.place(Point {
            x: bar.from,
            y: bar.count as f64,
        });
        let (right, bottom) = frame.place(Point { x: bar.to, y: 0.0 });
        let width = (right - left - 1.0).max(0.5);
        let height = bottom - top;
        let _ = write!(
            marks,
            "<rect class=\"bar\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        );
    }
    frame.chart(axes, false, &marks)
}

/// The part of the plane that a chart shows.
struct Frame {
    x: (f64, f64),
    y: (f64, f64),
}

impl Frame {
    fn around(points: &[Point], unit: bool) -> Self {
        if unit {
            return Self {
                x: (0.0, 1.0),
                y: (0.0, 1.0),
            };
        }
        let mut frame = Self {
            x: (f64::INFINITY, f64::NEG_INFINITY),
            y: (f64::INFINITY, f64::NEG_INFINITY),
        };
        for point in points {
            frame.x = (frame.x.0.min(point.x), frame.x.1.max(point.x));
            frame.y = (frame.y.0.min(point.y), frame.y.1.max(point.y));
        }
        frame
    }

    fn place(&self, point: Point) -> (f64, f64) {
        let (left, right, top, bottom) = MARGIN;
        let x = left + share(point.x, self.x) * (SIZE.0 - left - right);
        let y = SIZE.1 - bottom - share(point.y, self.y) * (SIZE.1 - top - bottom);
        (x, y)
    }

    fn chart(&self, axes: &Axes<'_>, diagonal: bool, marks: &str) -> String {
        let (left, right, top, bottom) = MARGIN;
        let (x_end, y_end) = (SIZE.0 - right, SIZE.1 - bottom);
        let mut svg = format!(
            "<svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {}\"><path class=\"axis\" d=\"M{left} {top}V{y_end}H{x_end}\"/>",
            escape(axes.title),
            SIZE.0,
            SIZE.1
        );
        if diagonal {
            let _ = write!(
                svg,
                "<line class=\"diagonal\" x1=\"{left}\" y1=\"{y_end}\" x2=\"{x_end}\" y2=\"{top}\"/>"
            );
        }
        let middle = f64::midpoint(left, x_end);
        let _ = write!(
            svg,
            "{marks}<text x=\"{left}\" y=\"{below}\">{}</text><text x=\"{x_end}\" y=\"{below}\" text-anchor=\"end\">{}</text>\
             <text x=\"{middle}\" y=\"{lowest}\" text-anchor=\"middle\">{}</text>\
             <text x=\"{at}\" y=\"{y_end}\" text-anchor=\"end\">{}</text><text x=\"{at}\" y=\"{first}\" text-anchor=\"end\">{}</text>\
             <text x=\"14\" y=\"{half}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {half})\">{}</text></svg>",
            short(self.x.0),
            short(self.x.1),
            escape(axes.x),
            short(self.y.0),
            short(self.y.1),
            escape(axes.y),
            below = y_end + 16.0,
            lowest = SIZE.1 - 6.0,
            at = left - 6.0,
            first = top + 10.0,
            half = f64::midpoint(top, y_end),
        );
        svg
    }
}

fn share(value: f64, (low, high): (f64, f64)) -> f64 {
    if high > low {
        ((value - low) / (high - low)).clamp(0.0, 1.0)
    } else {
        0.5
    }
}
