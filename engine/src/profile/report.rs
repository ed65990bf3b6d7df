//! The profile as a page to pass on: what is in the table, what could be predicted, what a job would do with each column.

use model::ProblemType;

use super::report_columns;
use super::{Association, ColumnProfile, Measure, Profile, Role, ValueCount};
use crate::error::Error;
use crate::page::chart::{self, NamedBar};
use crate::page::{document, escape, header, list, section, short, table};

/// A class with less of the rows is rare: an answer that never names it is right nearly always.
const RARE_SHARE: f64 = 0.1;
/// With fewer rows of a class, its scores are mostly chance.
const FEW_ROWS: usize = 20;
/// Mean and median further apart than this many standard deviations: a long tail.
const SKEWED: f64 = 0.3;
/// Columns of the first rows that are shown.
const PREVIEW_COLUMNS: usize = 40;
/// Pairs that are shown.
const PAIRS: usize = 20;
/// Columns that could be predicted, as far as they are listed.
const TARGETS: usize = 100;

/// The page; `name` is that of the file, `target` a column that is looked at as the one to predict.
///
/// # Errors
/// `Input` when there is no such column.
pub fn page(profile: &Profile, name: &str, target: Option<&str>) -> Result<String, Error> {
    let aim = match target {
        Some(wanted) => {
            let found = profile.columns.iter().find(|column| column.name == wanted);
            Some(found.ok_or_else(|| Error::Input(format!("there is no column `{wanted}`")))?)
        }
        None => None,
    };
    let sections = [
        overview(profile, name),
        section("Warnings", &warnings(profile)),
        aim.map_or_else(|| targets(profile), |column| target_analysis(profile, column)),
        pairs(profile),
        section(
            "What a job would do with each column",
            &report_columns::uses(profile, aim),
        ),
        section("Columns", &report_columns::columns(profile)),
        section("First rows", &first_rows(profile)),
        section("File", &file(profile)),
    ];
    Ok(document(&format!("Data of {name}"), &sections))
}

fn overview(profile: &Profile, name: &str) -> String {
    let missing: usize = profile.columns.iter().map(|column| column.missing).sum();
    let cells = (profile.rows * profile.columns.len()).max(1);
    let used = profile
        .columns
        .iter()
        .filter(|column| is_used(column.role))
        .count();
    let figures = [
        ("rows", profile.rows.to_string()),
        ("columns", profile.columns.len().to_string()),
        ("columns of use", used.to_string()),
        ("cells missing", percent(missing as f64 / cells as f64)),
        (
            "copies of earlier rows",
            profile
                .duplicate_rows
                .map_or_else(|| "not counted".into(), |count| count.to_string()),
        ),
    ];
    let lead = match profile.sampled_rows {
        Some(sampled) => format!(
            "The file is large: distinct values, kinds, quantiles and histograms are of an even sample of {sampled} rows, the rest is of all."
        ),
        None => "Every figure is of all rows, unless it says otherwise.".to_owned(),
    };
    header("data", name, &lead, &figures)
}

fn warnings(profile: &Profile) -> String {
    let mut lines = profile.warnings.clone();
    for column in &profile.columns {
        lines.extend(
            column
                .warnings
                .iter()
                .map(|warning| format!("{}: {warning}", column.name)),
        );
    }
    list(lines.iter().map(String::as_str))
}

/// One row for each column that could be predicted.
fn targets(profile: &Profile) -> String {
    let usable: Vec<&ColumnProfile> = profile
        .columns
        .iter()
        .filter(|column| column.as_target.usable)
        .collect();
    let mut rows = Vec::new();
    for column in usable.iter().take(TARGETS) {
        rows.push(vec![
            column.name.clone(),
            column.as_target.problem.map_or("", problem_name).to_owned(),
            column.as_target.reason.clone(),
            notes(column).join(" "),
        ]);
    }
    if rows.is_empty() {
        return section(
            "What could be predicted",
            "<p>No column can be predicted as it is.</p>",
        );
    }
    let more = usable.len() - rows.len();
    let rest = match more {
        0 => String::new(),
        _ => format!("<p>{more} more columns could be predicted.</p>"),
    };
    let head = ["Column", "Problem", "Why", "To be known"];
    section("What could be predicted", &(table(&head, &rows) + &rest))
}

fn target_analysis(profile: &Profile, column: &ColumnProfile) -> String {
    let advice = &column.as_target;
    let title = format!("Predicting {}", escape(&column.name));
    let mut body = format!("<p>{}</p>", escape(&advice.reason));
    if advice.usable {
        let mut notes = notes(column);
        if column.missing > 0 {
            notes.push(format!(
                "{} rows lack it and are left out of training.",
                column.missing
            ));
        }
        if advice.ambiguous {
            notes.push("Another type of problem would be as plausible: look at it before training.".into());
        }
        body += &list(notes.iter().map(String::as_str));
        body += &distribution(column);
        body += &with_target(profile, &column.name);
    }
    section(&title, &body)
}

fn distribution(column: &ColumnProfile) -> String {
    let known: usize = column.as_target.classes.iter().map(|class| class.count).sum();
    if known > 0 {
        let bar = |class: &'_ ValueCount| class.count as f64 / known as f64;
        let bars = column.as_target.classes.iter().map(|class| NamedBar {
            name: &class.value,
            value: bar(class),
            spread: None,
            label: format!("{} ({})", class.count, percent(bar(class))),
        });
        let bars: Vec<NamedBar<'_>> = bars.collect();
        return format!("<h3>Classes</h3>{}", chart::bars("Classes by their rows", &bars));
    }
    report_columns::shape(column)
}

/// What goes together with the target, strongest first.
fn with_target(profile: &Profile, target: &str) -> String {
    let mut bars = Vec::new();
    for pair in &profile.associations {
        let other = match (pair.left == target, pair.right == target) {
            (true, _) => &pair.right,
            (_, true) => &pair.left,
            _ => continue,
        };
        bars.push(pair_bar(other, pair));
    }
    if bars.is_empty() {
        return "<p>No single column goes together with it to speak of; several together still may.</p>"
            .to_owned();
    }
    format!(
        "<h3>What goes together with it</h3>{}",
        chart::bars("Association with the target", &bars)
    )
}

fn pairs(profile: &Profile) -> String {
    let names: Vec<String> = profile
        .associations
        .iter()
        .take(PAIRS)
        .map(|pair| {
            format!(
                "{} – {}",
                crate::page::shortened(&pair.left, 13),
                crate::page::shortened(&pair.right, 13)
            )
        })
        .collect();
    let bars: Vec<NamedBar<'_>> = names
        .iter()
        .zip(&profile.associations)
        .map(|(name, pair)| pair_bar(name, pair))
        .collect();
    if bars.is_empty() {
        return String::new();
    }
    let words = "<p>The strongest of the pairs that were measured, on at most 10,000 rows: 0 is nothing, 1 is the same. \
        What goes together need not be cause and effect.</p>";
    section(
        "Columns that go together",
        &(words.to_owned() + &chart::bars("Strongest pairs of columns", &bars)),
    )
}

fn pair_bar<'a>(name: &'a str, pair: &Association) -> NamedBar<'a> {
    let measure = match pair.measure {
        Measure::Pearson => "correlation",
        Measure::CramersV => "Cramér's V",
        Measure::CorrelationRatio => "correlation ratio",
    };
    NamedBar {
        name,
        value: pair.value.abs(),
        spread: None,
        label: format!("{} {measure}", short(pair.value)),
    }
}

fn first_rows(profile: &Profile) -> String {
    let shown = profile.columns.len().min(PREVIEW_COLUMNS);
    let head: Vec<&str> = profile.columns[..shown]
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let mut rows = Vec::new();
    for row in &profile.preview {
        rows.push(
            row.iter()
                .take(shown)
                .map(|cell| cell.clone().unwrap_or_default())
                .collect(),
        );
    }
    if rows.is_empty() {
        return String::new();
    }
    let rest = match profile.columns.len() - shown {
        0 => String::new(),
        more => format!("<p>{more} more columns are not shown here.</p>"),
    };
    table(&head, &rows) + &rest
}

fn file(profile: &Profile) -> String {
    let format = &profile.format;
    let mut rows = vec![
        ("Kind", format!("{:?}", format.kind)),
        ("Bytes", format.bytes.to_string()),
        ("Compression", format!("{:?}", format.compression)),
    ];
    if let Some(delimiter) = format.delimiter {
        rows.push(("Separator", format!("{delimiter:?}")));
    }
    if let Some(encoding) = format.encoding {
        rows.push(("Encoding", format!("{encoding:?}")));
    }
    if let Some(header) = format.header {
        rows.push(("First line", if header { "names" } else { "values" }.to_owned()));
    }
    rows.push(("SHA-256", profile.sha256.clone()));
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    table(&["What", "Value"], &rows)
}

/// Balance of the classes, tails of the numbers.
fn notes(column: &ColumnProfile) -> Vec<String> {
    let mut notes = Vec::new();
    let classes = &column.as_target.classes;
    let known: usize = classes.iter().map(|class| class.count).sum();
    // Of many classes only the most frequent are known.
    let rarest = classes.iter().min_by_key(|class| class.count);
    if let Some(rarest) = rarest.filter(|_| classes.len() >= column.distinct) {
        let share = rarest.count as f64 / known.max(1) as f64;
        if share < RARE_SHARE && share < 0.5 / classes.len() as f64 {
            notes.push(format!(
                "Unbalanced: only {} of the rows are “{}”. Accuracy would flatter a model that never finds them.",
                percent(share),
                rarest.value
            ));
        }
        if rarest.count < FEW_ROWS {
            let often = match rarest.count {
                1 => "once".to_owned(),
                count => format!("{count} times"),
            };
            notes.push(format!(
                "“{}” occurs {often}; how well it is recognised cannot be said with certainty.",
                rarest.value
            ));
        }
    }
    if column.as_target.problem == Some(ProblemType::Regression)
        && let Some(numbers) = &column.numbers
        && let (Some(mean), Some(sd)) = (numbers.mean, numbers.sd)
        && (mean - numbers.quantiles.median).abs() > SKEWED * sd
    {
        let tail = if mean > numbers.quantiles.median {
            "few large values pull the mean up"
        } else {
            "few small values pull the mean down"
        };
        notes.push(format!(
            "Skewed: {tail}, to {}, while half of the rows are below {}. RMSE is ruled by those few; mean absolute error is not.",
            short(mean),
            short(numbers.quantiles.median)
        ));
    }
    notes
}

pub(super) fn is_used(role: Role) -> bool {
    match role {
        Role::Number | Role::Category | Role::Date | Role::Text => true,
        Role::Id | Role::Constant | Role::Duplicate | Role::Excluded => false,
    }
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn problem_name(problem: ProblemType) -> &'static str {
    match problem {
        ProblemType::Binary => "two classes",
        ProblemType::Multiclass => "several classes",
        ProblemType::Regression => "a number",
    }
}
