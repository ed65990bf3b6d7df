//! Dates in ONNX: a pattern check, splits at the separators, and the calendar in 64-bit integers.
//! A text that fails the check is replaced by a valid date before it is converted, so that no conversion can fail.

use super::{DAYS_BEFORE_MONTH, DAYS_TO_1970, Date, DatePart, MONTH_LENGTHS};
use crate::onnx::graph::{Attribute, Edge, Element, Graph, Tensor};

/// Adds the step to a graph: texts, `[rows, 1]`, to the parts, `[rows, parts]`.
pub(super) fn date(date: &Date, graph: &mut Graph, input: &Edge) -> Edge {
    let pattern = date.format.pattern();
    let matches = graph.op(
        "RegexFullMatch",
        &[input],
        vec![Attribute::text("pattern", &regex(pattern))],
    );
    let valid_date = graph.constant(Tensor::texts(&[1], [example(pattern)]));
    let texts = graph.op("Where", &[&matches, input, &valid_date], vec![]);
    let mut fields = Fields::default();
    split(graph, &texts, pattern, &mut fields);
    let calendar = Calendar::new(graph, fields);
    let mut parts = Vec::with_capacity(date.parts.len());
    for part in &date.parts {
        parts.push(calendar.part(graph, *part));
    }
    let parts = graph.columns(&parts);
    let real = graph.op("And", &[&matches, &calendar.real], vec![]);
    let missing = graph.doubles(&[f64::NAN]);
    graph.op("Where", &[&real, &parts, &missing], vec![])
}

/// A regular expression for the pattern; the length of the month is checked later.
fn regex(pattern: &str) -> String {
    let fields = [
        ("YYYY", "[0-9]{4}"),
        ("MM", "(0[1-9]|1[0-2])"),
        ("DD", "(0[1-9]|[12][0-9]|3[01])"),
        ("hh", "([01][0-9]|2[0-3])"),
        ("mm", "[0-5][0-9]"),
        ("ss", "[0-5][0-9]"),
    ];
    let mut regex = pattern.replace('.', "[.]");
    for (field, expression) in fields {
        regex = regex.replace(field, expression);
    }
    regex
}

/// A valid date of the pattern.
fn example(pattern: &str) -> String {
    pattern
        .replace("YYYY", "2000")
        .replace("MM", "01")
        .replace("DD", "01")
        .replace(['h', 'm', 's'], "0")
}

/// The numbers of a text by field, `[rows, 1]` integers.
#[derive(Default)]
struct Fields {
    year: Option<Edge>,
    month: Option<Edge>,
    day: Option<Edge>,
    hour: Option<Edge>,
    minute: Option<Edge>,
    second: Option<Edge>,
}

/// Splits at the first separator of the pattern, and each piece again.
fn split(graph: &mut Graph, texts: &Edge, pattern: &str, fields: &mut Fields) {
    let Some(separator) = pattern.find(|letter: char| !"YMDhms".contains(letter)) else {
        let field = match pattern {
            "YYYY" => &mut fields.year,
            "MM" => &mut fields.month,
            "DD" => &mut fields.day,
            "hh" => &mut fields.hour,
            "mm" => &mut fields.minute,
            _ => &mut fields.second,
        };
        *field = Some(graph.cast(texts, Element::Int64));
        return;
    };
    let separator = &pattern[separator..separator + 1];
    let pieces = graph.first_of_two(
        "StringSplit",
        &[texts],
        vec![Attribute::text("delimiter", separator)],
    );
    for (position, piece) in pattern.split(separator).enumerate() {
        if !piece.is_empty() {
            let index = graph.integer(position as i64);
            let texts = graph.op("Gather", &[&pieces, &index], vec![Attribute::integer("axis", 2)]);
            split(graph, &texts, piece, fields);
        }
    }
}

/// The calendar of `date.rs`, as edges of shape `[rows, 1]`.
struct Calendar {
    year: Edge,
    month: Edge,
    day: Edge,
    /// Seconds since midnight.
    second: Edge,
    /// Days since the first of January.
    days_into_year: Edge,
    /// Days since 1970-01-01.
    days: Edge,
    /// Whether the year is not 0 and the month has the day.
    real: Edge,
}

impl Calendar {
    fn new(graph: &mut Graph, fields: Fields) -> Self {
        let zero = graph.integers(&[0]);
        let one = graph.integers(&[1]);
        let mut second = zero.clone();
        for (field, seconds) in [(fields.hour, 3600), (fields.minute, 60), (fields.second, 1)] {
            if let Some(field) = field {
                let part = with_integer(graph, "Mul", &field, seconds);
                second = graph.op("Add", &[&second, &part], vec![]);
            }
        }
        let year = fields.year.unwrap_or_else(|| one.clone());
        let month = fields.month.unwrap_or_else(|| one.clone());
        let day = fields.day.unwrap_or_else(|| one.clone());

        let leap = is_leap(graph, &year);
        let february = graph.integers(&[2]);
        let month_index = graph.op("Sub", &[&month, &one], vec![]);
        let is_february = graph.op("Equal", &[&month, &february], vec![]);
        let length = leap_day_when(graph, &is_february, &leap, &MONTH_LENGTHS, &month_index);
        let fits = graph.op("LessOrEqual", &[&day, &length], vec![]);
        let year_counts = graph.op("Greater", &[&year, &zero], vec![]);
        let real = graph.op("And", &[&fits, &year_counts], vec![]);

        let past_february = graph.op("Greater", &[&month, &february], vec![]);
        let before_month = leap_day_when(graph, &past_february, &leap, &DAYS_BEFORE_MONTH, &month_index);
        let day_index = graph.op("Sub", &[&day, &one], vec![]);
        let days_into_year = graph.op("Add", &[&before_month, &day_index], vec![]);
        let before_year = days_before_year(graph, &year, &one);
        let days = graph.op("Add", &[&before_year, &days_into_year], vec![]);
        Self {
            year,
            month,
            day,
            second,
            days_into_year,
            days,
            real,
        }
    }

    fn part(&self, graph: &mut Graph, part: DatePart) -> Edge {
        let whole = match part {
            DatePart::Day => {
                let days = graph.cast(&self.days, Element::Double);
                let fraction = seconds_over(graph, &self.second, 86_400.0);
                return graph.op("Add", &[&days, &fraction], vec![]);
            }
            DatePart::Hour => {
                let hours = seconds_over(graph, &self.second, 3600.0);
                // A format without a time of day has one constant for all rows.
                let rows = graph.op("Shape", &[&self.year], vec![]);
                return graph.op("Expand", &[&hours, &rows], vec![]);
            }
            DatePart::Year => self.year.clone(),
            DatePart::Month => self.month.clone(),
            DatePart::DayOfMonth => self.day.clone(),
            DatePart::DayOfWeek => {
                let from_monday = with_integer(graph, "Add", &self.days, 3);
                with_integer(graph, "Mod", &from_monday, 7)
            }
            DatePart::DayOfYear => with_integer(graph, "Add", &self.days_into_year, 1),
        };
        graph.cast(&whole, Element::Double)
    }
}

fn with_integer(graph: &mut Graph, operator: &str, edge: &Edge, number: i64) -> Edge {
    let number = graph.integers(&[number]);
    graph.op(operator, &[edge, &number], vec![])
}

fn seconds_over(graph: &mut Graph, seconds: &Edge, unit: f64) -> Edge {
    let seconds = graph.cast(seconds, Element::Double);
    let unit = graph.doubles(&[unit]);
    graph.op("Div", &[&seconds, &unit], vec![])
}

fn divisible(graph: &mut Graph, year: &Edge, by: i64) -> Edge {
    let rest = with_integer(graph, "Mod", year, by);
    let zero = graph.integers(&[0]);
    graph.op("Equal", &[&rest, &zero], vec![])
}

fn is_leap(graph: &mut Graph, year: &Edge) -> Edge {
    let [fourth, hundredth, fourth_hundredth] = [4, 100, 400].map(|by| divisible(graph, year, by));
    let common_century = graph.op("Not", &[&hundredth], vec![]);
    let kept = graph.op("Or", &[&common_century, &fourth_hundredth], vec![]);
    graph.op("And", &[&fourth, &kept], vec![])
}

/// `table[month_index]`, and one day more in leap years where `applies`.
fn leap_day_when(graph: &mut Graph, applies: &Edge, leap: &Edge, table: &[i64], month_index: &Edge) -> Edge {
    let table = graph.integers(table);
    let days = graph.op("Gather", &[&table, month_index], vec![]);
    let leap_day = graph.op("And", &[applies, leap], vec![]);
    let leap_day = graph.cast(&leap_day, Element::Int64);
    graph.op("Add", &[&days, &leap_day], vec![])
}

/// Days between 1970-01-01 and the first of January.
fn days_before_year(graph: &mut Graph, year: &Edge, one: &Edge) -> Edge {
    let past = graph.op("Sub", &[year, one], vec![]);
    let common = with_integer(graph, "Mul", &past, 365);
    let [fourths, hundredths, fourth_hundredths] =
        [4, 100, 400].map(|by| with_integer(graph, "Div", &past, by));
    let sum = graph.op("Add", &[&common, &fourths], vec![]);
    let sum = graph.op("Sub", &[&sum, &hundredths], vec![]);
    let sum = graph.op("Add", &[&sum, &fourth_hundredths], vec![]);
    with_integer(graph, "Sub", &sum, DAYS_TO_1970)
}
