//! Tests of the report of a profile.

use super::{Options, profile, report_page};
use crate::error::Error;
use crate::read::{ReadOptions, read};

fn page(text: &str, target: Option<&str>) -> Result<String, Error> {
    let table = read(text.as_bytes(), "data.csv", &ReadOptions::default())?;
    let options = Options {
        target: target.map(str::to_owned),
        threads: 1,
    };
    report_page(&profile(&table, &options)?, "data.csv", target)
}

/// A rare class, a long tail, a column that follows another, gaps, a constant and a name of rows.
fn table() -> String {
    let mut text = String::from("id,rare,tail,twice,gaps,same\n");
    for row in 0..200 {
        let rare = if row % 20 == 0 { "yes" } else { "no" };
        let tail = if row % 8 == 0 { 100_000 + row } else { row % 17 };
        let gap = if row % 3 == 0 {
            String::new()
        } else {
            format!("word{}", row % 5)
        };
        text += &format!("r{row},{rare},{tail},{},{gap},1\n", tail * 2);
    }
    text
}

#[test]
fn without_a_target_it_tells_what_could_be_predicted() {
    let html = page(&table(), None).expect("a page");
    for expected in [
        "What could be predicted",
        "Unbalanced: only 5.0 % of the rows are “yes”",
        "Skewed: few large values pull the mean up",
        "leaves it out: it names the row",
        "leaves it out: it hardly changes",
        "tail – twice",
        "SHA-256",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
}

#[test]
fn with_a_target_it_begins_with_it() {
    let html = page(&table(), Some("rare")).expect("a page");
    assert!(html.contains("Predicting rare"), "{html}");
    assert!(!html.contains("What could be predicted"));
    assert!(html.contains("10 (5.0 %)"), "the rows of the rare class");
    assert!(html.contains("is predicted"));
    let html = page(&table(), Some("same")).expect("a page");
    assert!(
        !html.contains("What goes together with it"),
        "a constant cannot be predicted"
    );
    let refused = page(&table(), Some("colour")).expect_err("no such column");
    assert!(refused.to_string().contains("there is no column `colour`"));
}

#[test]
fn a_page_has_no_scripts_and_no_address() {
    let html = page(
        "a\"b,<script>alert(1)</script>\n<img src=x>,1\n'x',2\n&amp;,3\n",
        None,
    )
    .expect("a page");
    for markup in ["<script", "<img", "href", "http:", "https:"] {
        assert!(!html.contains(markup), "{markup}: {html}");
    }
}
