//! What a column is and what it is used as: rules A4 with their evidence. A name alone never drops a column.

use model::transform::date::DateFormat;

use super::labels::Labels;
use super::numbers::Sorted;
use super::{Kind, Role, number_text, shorten};

/// A column with this share of one value (missing counts as a value) is constant.
const CONSTANT_SHARE: f64 = 0.98;
/// Share of the values that have to be dates in one format.
const DATE_SHARE: f64 = 0.95;
/// Fewer rows are no evidence for an identifier.
const LEAST_ID_ROWS: usize = 20;
/// More distinct values are worth a word.
pub(super) const HIGH_CARDINALITY: usize = 50;
/// In the order of preference where several fit.
const DATE_FORMATS: [DateFormat; 9] = [
    DateFormat::Ymd,
    DateFormat::YmdHm,
    DateFormat::YmdHms,
    DateFormat::YmdTHms,
    DateFormat::YmdTHmsZ,
    DateFormat::YmdSlash,
    DateFormat::MdySlash,
    DateFormat::DmySlash,
    DateFormat::DmyDot,
];

/// The decision on a column.
#[derive(Debug)]
pub(super) struct Decision {
    pub kind: Kind,
    pub role: Role,
    pub evidence: String,
    pub date_format: Option<DateFormat>,
    pub warnings: Vec<String>,
}

impl Decision {
    fn new(kind: Kind, role: Role, evidence: String) -> Self {
        Self {
            kind,
            role,
            evidence,
            date_format: None,
            warnings: Vec::new(),
        }
    }
}

/// Decides on a numeric column of `rows` rows.
pub(super) fn of_numbers(name: &str, sorted: &Sorted, rows: usize) -> Decision {
    let filled = sorted.values.len();
    if let Some(decision) = constant(rows, filled, sorted.distinct, sorted.highest_count, || {
        sorted.top(1).pop().map(|top| top.value).unwrap_or_default()
    }) {
        return decision;
    }
    let (min, max) = (sorted.values[0], sorted.values[filled - 1]);
    if sorted.distinct == 2 && min == 0.0 && max == 1.0 {
        return Decision::new(Kind::Boolean, Role::Number, "Every value is 0 or 1.".into());
    }
    if !sorted.is_integer {
        return Decision::new(Kind::Numeric, Role::Number, "Every value is a number.".into());
    }
    let is_unique = filled == rows && sorted.distinct == rows && rows >= LEAST_ID_ROWS;
    let is_dense = max - min < 2.0 * rows as f64;
    if is_unique && (is_dense || is_named_like_id(name)) {
        let evidence = if is_dense {
            let (min, max) = (number_text(min), number_text(max));
            format!(
                "All {rows} whole numbers are different and nearly fill {min} to {max}, as numbered rows do."
            )
        } else {
            format!(
                "All {rows} whole numbers are different, none is missing, and the name is that of an identifier."
            )
        };
        return Decision::new(Kind::Id, Role::Id, evidence);
    }
    Decision::new(
        Kind::Integer,
        Role::Number,
        "Every value is a whole number.".into(),
    )
}

/// Decides on a text column of `rows` rows.
pub(super) fn of_labels(name: &str, labels: &Labels<'_>, rows: usize) -> Decision {
    let distinct = labels.distinct();
    let top = || labels.top(1).pop().map(|top| top.value).unwrap_or_default();
    if let Some(decision) = constant(rows, labels.filled, distinct, labels.highest_count(), top) {
        return decision;
    }
    if distinct == 2 && is_boolean(labels) {
        return Decision::new(
            Kind::Boolean,
            Role::Category,
            "The two values are opposites such as yes and no.".into(),
        );
    }
    if let Some(decision) = date(labels) {
        return decision;
    }
    let words = labels.mean_words();
    if words >= 4.0 && distinct >= LEAST_ID_ROWS && (distinct * 10 >= labels.filled || words >= 8.0) {
        let evidence = format!("{distinct} different texts of {words:.1} words on average.");
        return Decision::new(Kind::Text, Role::Text, evidence);
    }
    let decimal_commas = labels.share(is_decimal_comma);
    if decimal_commas >= DATE_SHARE {
        let mut decision = category(distinct, rows);
        decision.warnings.push("The values look like numbers with decimal commas, and are read as text; write them with a point.".into());
        return decision;
    }
    if let Some(decision) = text_id(name, labels, distinct, words) {
        return decision;
    }
    let mut decision = category(distinct, rows);
    let numbers = labels.share(|text| model::value::parse_number(text).is_some());
    if numbers >= 0.9 {
        let share = 100.0 * numbers;
        let odd = labels
            .dictionary
            .iter()
            .find(|text| model::value::parse_number(text).is_none());
        let odd = odd
            .map(|text| format!(" (for example \"{}\")", shorten(text)))
            .unwrap_or_default();
        decision.warnings.push(format!(
            "{share:.1} % of the values are numbers, but not all{odd}; the column is read as text. Blank the others out to use it as numbers."
        ));
    }
    decision
}

fn category(distinct: usize, rows: usize) -> Decision {
    let mut decision = Decision::new(
        Kind::Categorical,
        Role::Category,
        format!("{distinct} different strings in {rows} rows."),
    );
    if distinct > HIGH_CARDINALITY {
        decision.warnings.push(format!(
            "High cardinality: {distinct} different values. Rare ones are treated alike."
        ));
    }
    decision
}

/// Constant when at least 98 % of the cells are the same, missing ones included.
fn constant(
    rows: usize,
    filled: usize,
    distinct: usize,
    highest_count: usize,
    top: impl FnOnce() -> String,
) -> Option<Decision> {
    let constant = |evidence: String| Some(Decision::new(Kind::Constant, Role::Constant, evidence));
    let enough = CONSTANT_SHARE * rows as f64;
    if filled == 0 {
        return constant("Every cell is missing.".into());
    }
    if distinct == 1 && filled == rows {
        return constant(format!("Every cell is {}.", top()));
    }
    if highest_count as f64 >= enough {
        let share = 100.0 * highest_count as f64 / rows as f64;
        return constant(format!("{share:.1} % of the cells are {}.", top()));
    }
    let missing = rows - filled;
    if missing as f64 >= enough {
        return constant(format!(
            "{:.1} % of the cells are missing.",
            100.0 * missing as f64 / rows as f64
        ));
    }
    None
}

fn is_boolean(labels: &Labels<'_>) -> bool {
    const OPPOSITES: [[&str; 2]; 7] = [
        ["true", "false"],
        ["yes", "no"],
        ["y", "n"],
        ["t", "f"],
        ["on", "off"],
        ["1", "0"],
        ["ja", "nein"],
    ];
    let values: Vec<String> = labels
        .top(2)
        .into_iter()
        .map(|top| top.value.to_lowercase())
        .collect();
    OPPOSITES
        .iter()
        .any(|pair| pair.iter().all(|word| values.iter().any(|value| value == word)))
}

fn date(labels: &Labels<'_>) -> Option<Decision> {
    // A cheap look at the first entries spares most columns nine parses an entry.
    let may_be = labels
        .dictionary
        .iter()
        .take(100)
        .any(|text| DATE_FORMATS.iter().any(|format| format.parse(text).is_some()));
    if !may_be {
        return None;
    }
    let mut best: Option<(DateFormat, f64)> = None;
    let mut shares = Vec::new();
    for format in DATE_FORMATS {
        let share = labels.share(|text| format.parse(text).is_some());
        shares.push((format, share));
        if share >= DATE_SHARE && best.is_none_or(|(_, highest)| share > highest) {
            best = Some((format, share));
        }
    }
    let (format, share) = best?;
    let evidence = format!(
        "{:.1} % of the values are dates written {}.",
        100.0 * share,
        format.pattern()
    );
    let mut decision = Decision::new(Kind::Date, Role::Date, evidence);
    decision.date_format = Some(format);
    if shares
        .iter()
        .any(|(other, also)| *other != format && *also >= share)
    {
        decision.warnings.push(format!(
            "The dates could have the day first or the month first; they are read as {}.",
            format.pattern()
        ));
    }
    if share < 1.0 {
        decision.warnings.push(format!(
            "{:.1} % of the values are no such dates and count as missing.",
            100.0 * (1.0 - share)
        ));
    }
    Some(decision)
}

/// Near-unique short strings. Decided after dates, text and numbers in disguise.
fn text_id(name: &str, labels: &Labels<'_>, distinct: usize, words: f64) -> Option<Decision> {
    let uniqueness = distinct as f64 / labels.filled.max(1) as f64;
    let enough = if is_named_like_id(name) { 0.9 } else { 0.97 };
    let is_short = words < 2.5 && labels.mean_length() <= 64.0;
    if labels.filled < LEAST_ID_ROWS || uniqueness < enough || !is_short {
        return None;
    }
    let share = 100.0 * uniqueness;
    let evidence = format!("{share:.1} % of the values are different, and short, as identifiers are.");
    Some(Decision::new(Kind::Id, Role::Id, evidence))
}

/// `id`, `user_id`, `userId`, `ID`, `uuid`, `key`: evidence only together with unique values.
fn is_named_like_id(name: &str) -> bool {
    const WORDS: [&str; 8] = ["id", "uuid", "guid", "key", "index", "rowid", "number", "code"];
    let mut last = String::new();
    let mut previous = ' ';
    for character in name.chars() {
        let starts_word = character.is_uppercase() && previous.is_lowercase();
        if !character.is_alphanumeric() || starts_word {
            last.clear();
        }
        if character.is_alphanumeric() {
            last.extend(character.to_lowercase());
        }
        previous = character;
    }
    WORDS.contains(&last.as_str())
}

/// `1,5`, `-12,25`, `1.234,50`: digits, perhaps points between groups, one comma, digits.
fn is_decimal_comma(text: &str) -> bool {
    let text = model::value::trim_blanks(text);
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some((whole, fraction)) = unsigned.split_once(',') else {
        return false;
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(fraction) && whole.split('.').all(is_digits)
}
