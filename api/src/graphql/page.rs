//! Relay connections with keyset cursors: stable while rows come and go.

use async_graphql::{OutputType, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::batch_prediction::BatchPrediction;
use super::dataset::Dataset;
use super::job::Job;
use super::limits::{DEFAULT_PAGE, MAX_PAGE};
use super::trial::Trial;
use crate::failure::Failure;

/// One page of a list.
#[derive(SimpleObject)]
#[graphql(concrete(name = "DatasetConnection", params(Dataset)))]
#[graphql(concrete(name = "JobConnection", params(Job)))]
#[graphql(concrete(name = "TrialConnection", params(Trial)))]
#[graphql(concrete(name = "BatchPredictionConnection", params(BatchPrediction)))]
pub struct Connection<T: OutputType>
where
    Edge<T>: OutputType,
{
    /// Rows with their cursors.
    pub edges: Vec<Edge<T>>,
    /// The rows alone.
    pub nodes: Vec<T>,
    /// Where this page lies.
    pub page_info: PageInfo,
    /// Rows of all pages; counted only when asked for.
    pub total_count: Option<i32>,
}

/// One row with its cursor.
#[derive(SimpleObject)]
#[graphql(concrete(name = "DatasetEdge", params(Dataset)))]
#[graphql(concrete(name = "JobEdge", params(Job)))]
#[graphql(concrete(name = "TrialEdge", params(Trial)))]
#[graphql(concrete(name = "BatchPredictionEdge", params(BatchPrediction)))]
pub struct Edge<T: OutputType> {
    /// Pass it as `after` to go on from here.
    pub cursor: String,
    /// The row.
    pub node: T,
}

/// Where a page lies in its list.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// True when more rows follow.
    pub has_next_page: bool,
    /// True when rows precede.
    pub has_previous_page: bool,
    /// Cursor of the first row.
    pub start_cursor: Option<String>,
    /// Cursor of the last row.
    pub end_cursor: Option<String>,
}

/// What a client asks of a list.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// Rows wanted, 1 to 100.
    pub first: usize,
    /// Key of the row before the page.
    pub after: Option<String>,
}

impl PageRequest {
    /// Checks the arguments of a list field.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a size outside 1 to 100, or a cursor that is not ours.
    pub fn new(first: Option<i32>, after: Option<&str>) -> Result<Self, Failure> {
        let first = match first {
            None => DEFAULT_PAGE,
            Some(first) => usize::try_from(first)
                .ok()
                .filter(|first| (1..=MAX_PAGE).contains(first))
                .ok_or_else(|| Failure::bad_input(format!("`first` must be from 1 to {MAX_PAGE}.")))?,
        };
        let after = match after {
            None => None,
            Some(cursor) => Some(decode(cursor)?),
        };
        Ok(Self { first, after })
    }

    /// The key of the row before the page, as what the list is ordered by.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a cursor of another list.
    pub fn after_key<K: std::str::FromStr>(&self) -> Result<Option<K>, Failure> {
        match &self.after {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| bad_cursor()),
        }
    }

    /// Rows to read: one more than wanted tells whether there is a next page.
    pub fn limit(&self) -> u64 {
        self.first as u64 + 1
    }

    /// Makes the page of the rows read.
    pub fn page<R, T: OutputType + Clone>(
        &self,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> String,
        node: impl Fn(R) -> T,
        total_count: Option<u64>,
    ) -> Connection<T>
    where
        Edge<T>: OutputType,
    {
        let has_next_page = rows.len() > self.first;
        rows.truncate(self.first);
        let mut edges = Vec::with_capacity(rows.len());
        for row in rows {
            edges.push(Edge {
                cursor: URL_SAFE_NO_PAD.encode(key(&row)),
                node: node(row),
            });
        }
        let page_info = PageInfo {
            has_next_page,
            has_previous_page: self.after.is_some(),
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        let nodes = edges.iter().map(|edge| edge.node.clone()).collect();
        let total_count = total_count.map(|count| i32::try_from(count).unwrap_or(i32::MAX));
        Connection {
            edges,
            nodes,
            page_info,
            total_count,
        }
    }
}

fn decode(cursor: &str) -> Result<String, Failure> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad_cursor())?;
    String::from_utf8(bytes).map_err(|_| bad_cursor())
}

fn bad_cursor() -> Failure {
    Failure::bad_input("`after` is not a cursor of this list.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_outside_the_range_are_refused() {
        for first in [Some(0), Some(-1), Some(101), Some(i32::MIN)] {
            assert!(PageRequest::new(first, None).is_err(), "{first:?}");
        }
        for first in [None, Some(1), Some(100)] {
            assert!(PageRequest::new(first, None).is_ok(), "{first:?}");
        }
    }

    #[test]
    fn foreign_cursors_are_refused() {
        assert!(PageRequest::new(None, Some("%%%")).is_err());
        let of_another_list = PageRequest::new(None, Some(&URL_SAFE_NO_PAD.encode("seven"))).unwrap();
        assert!(of_another_list.after_key::<i32>().is_err());
    }
}
