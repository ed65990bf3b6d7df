//! What is in a dataset, as the engine's profile says it. Fields that this version does not know are passed over.

use std::collections::{HashMap, HashSet};

use async_graphql::{ComplexObject, Enum, SimpleObject};
use serde::Deserialize;

use super::column_profile::ColumnProfile;
use super::file_format::FileFormat;
use super::long::Long;
use super::problem::from_stored;
use crate::failure::Failure;

/// What is in a table.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
#[graphql(complex)]
pub struct DatasetProfile {
    /// Rows of the file.
    pub rows: Long,
    /// Rows that were kept, each as likely as any other, where the file was too large for the memory of a worker; null when all
    /// were. Jobs train on these. Missing cells and the figures of numbers are of all rows; kinds, distinct and frequent values are
    /// of these.
    #[serde(default)]
    pub sampled_rows: Option<Long>,
    /// How the file was read.
    pub format: FileFormat,
    /// Rows that another row repeats; null when not counted.
    #[serde(default)]
    pub duplicate_rows: Option<Long>,
    /// In file order.
    #[graphql(skip)]
    pub columns: Vec<ColumnProfile>,
    /// The first rows, their cells in file order.
    #[graphql(skip)]
    #[serde(default)]
    preview: Vec<Vec<Option<String>>>,
    /// The strongest pairs of columns, strongest first.
    #[serde(default)]
    pub associations: Vec<Association>,
    /// What a person should know before training.
    #[serde(default)]
    pub warnings: Vec<String>,
}

#[ComplexObject]
impl DatasetProfile {
    /// Columns, in file order: all, or those of the names.
    async fn columns(
        &self,
        #[graphql(desc = "Only these; a name that no column has is passed over. Null: all.")] names: Option<
            Vec<String>,
        >,
    ) -> Vec<&ColumnProfile> {
        let wanted: Option<HashSet<String>> = names.map(|names| names.into_iter().collect());
        let is_wanted =
            |column: &&ColumnProfile| wanted.as_ref().is_none_or(|names| names.contains(&column.name));
        self.columns.iter().filter(is_wanted).collect()
    }

    /// The first rows as text; null is missing.
    async fn preview(
        &self,
        #[graphql(desc = "Cells of these columns only, in this order. Null: of all, in file order.")] columns: Option<
            Vec<String>,
        >,
    ) -> Result<Vec<Vec<Option<&str>>>, Failure> {
        let places: Vec<usize> = match columns {
            None => (0..self.columns.len()).collect(),
            Some(names) => self.places(&names)?,
        };
        let mut rows = Vec::with_capacity(self.preview.len());
        for row in &self.preview {
            rows.push(places.iter().map(|place| row.get(*place)?.as_deref()).collect());
        }
        Ok(rows)
    }
}

impl DatasetProfile {
    /// Where in a row the columns are.
    fn places(&self, names: &[String]) -> Result<Vec<usize>, Failure> {
        let columns = self.columns.iter().enumerate();
        let known: HashMap<&str, usize> = columns
            .map(|(place, column)| (column.name.as_str(), place))
            .collect();
        let place = |name: &String| known.get(name.as_str()).copied();
        let missing = || Failure::bad_input("`columns` has a name that no column of the table has.");
        names.iter().map(|name| place(name).ok_or_else(missing)).collect()
    }
}

/// How strongly two columns go together.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
#[graphql(complex)]
pub struct Association {
    /// Name of the first column.
    pub left: String,
    /// Name of the second column.
    pub right: String,
    /// How it was measured: `pearson`, `cramers_v` or `correlation_ratio`.
    #[graphql(deprecation = "Use `measuredBy`, which is an enum; removed after 2027-05-31.")]
    pub measure: String,
    /// -1 to 1 for Pearson, else 0 to 1.
    pub value: f64,
}

#[ComplexObject]
impl Association {
    /// How it was measured; null for a way that this version does not know.
    async fn measured_by(&self) -> Option<AssociationMeasure> {
        from_stored(&self.measure)
    }
}

/// How it is measured how strongly two columns go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssociationMeasure {
    /// Pearson's correlation of two columns of numbers, -1 to 1.
    Pearson,
    /// Cramér's V of two columns of categories, 0 to 1.
    CramersV,
    /// The correlation ratio of categories and numbers, 0 to 1.
    CorrelationRatio,
}
