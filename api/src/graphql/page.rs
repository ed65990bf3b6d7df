//! Relay connections with keyset cursors: stable while rows come and go.

use async_graphql::{Context, Enum, InputObject, OutputType, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use platform::Database;
use platform::pages::{Direction, Key, Order, Page, Place, Window};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, Select};
use uuid::Uuid;

use super::activity::Activity;
use super::audit_log::AuditEntry;
use super::batch_prediction::BatchPrediction;
use super::dataset::Dataset;
use super::job::Job;
use super::limits::{DEFAULT_PAGE, MAX_PAGE};
use super::registered_model::RegisteredModel;
use super::task::Task;
use super::trial::Trial;
use super::user::User;
use super::worker::Worker;
use crate::failure::Failure;
use crate::state::AppState;

/// One page of a list.
#[derive(SimpleObject)]
#[graphql(concrete(name = "DatasetConnection", params(Dataset)))]
#[graphql(concrete(name = "JobConnection", params(Job)))]
#[graphql(concrete(name = "RegisteredModelConnection", params(RegisteredModel)))]
#[graphql(concrete(name = "TrialConnection", params(Trial)))]
#[graphql(concrete(name = "BatchPredictionConnection", params(BatchPrediction)))]
#[graphql(concrete(name = "UserConnection", params(User)))]
#[graphql(concrete(name = "TaskConnection", params(Task)))]
#[graphql(concrete(name = "WorkerConnection", params(Worker)))]
#[graphql(concrete(name = "AuditEntryConnection", params(AuditEntry)))]
#[graphql(concrete(name = "ActivityConnection", params(Activity)))]
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
#[graphql(concrete(name = "RegisteredModelEdge", params(RegisteredModel)))]
#[graphql(concrete(name = "TrialEdge", params(Trial)))]
#[graphql(concrete(name = "BatchPredictionEdge", params(BatchPrediction)))]
#[graphql(concrete(name = "UserEdge", params(User)))]
#[graphql(concrete(name = "TaskEdge", params(Task)))]
#[graphql(concrete(name = "WorkerEdge", params(Worker)))]
#[graphql(concrete(name = "AuditEntryEdge", params(AuditEntry)))]
#[graphql(concrete(name = "ActivityEdge", params(Activity)))]
pub struct Edge<T: OutputType> {
    /// Pass it as `after` to go on from here, or as `before` to go back.
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

/// Which way a list goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// Smallest first; what has no value comes last.
    #[graphql(name = "ASC")]
    Ascending,
    /// Largest first; what has no value comes last.
    #[graphql(name = "DESC")]
    Descending,
}

impl From<OrderDirection> for Direction {
    fn from(direction: OrderDirection) -> Self {
        match direction {
            OrderDirection::Ascending => Self::Ascending,
            OrderDirection::Descending => Self::Descending,
        }
    }
}

/// A span of time. An end that is absent is open.
#[derive(Clone, Debug, InputObject)]
pub struct TimeRange {
    /// From then on.
    from: Option<DateTime<Utc>>,
    /// Before then.
    until: Option<DateTime<Utc>>,
}

impl TimeRange {
    /// The condition that a column lies in it.
    pub fn on(&self, column: impl ColumnTrait) -> Condition {
        Condition::all()
            .add_option(self.from.map(|from| column.gte(from)))
            .add_option(self.until.map(|until| column.lt(until)))
    }

    /// The condition that a column of microseconds since 1970 lies in it.
    pub fn on_microseconds(&self, column: impl ColumnTrait) -> Condition {
        Condition::all()
            .add_option(self.from.map(|from| column.gte(from.timestamp_micros())))
            .add_option(self.until.map(|until| column.lt(until.timestamp_micros())))
    }
}

/// The four arguments of a list.
#[derive(Clone, Debug, Default)]
pub struct PageArguments {
    /// Rows wanted from the beginning.
    pub first: Option<i32>,
    /// Behind this cursor.
    pub after: Option<String>,
    /// Rows wanted from the end.
    pub last: Option<i32>,
    /// Before this cursor.
    pub before: Option<String>,
}

/// A checked wish for a page.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// Which rows.
    pub window: Window,
    /// Name of the order; a cursor of another order is refused.
    order: String,
}

impl PageRequest {
    /// Checks the arguments of a list in an order of that name.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a size outside 1 to 100, for both sizes, and for a cursor that is not of this list.
    pub fn new(asked: &PageArguments, order: impl std::fmt::Debug) -> Result<Self, Failure> {
        let order = format!("{order:?}");
        if asked.first.is_some() && asked.last.is_some() {
            return Err(Failure::bad_input("Ask for `first` or for `last`, not for both."));
        }
        let size = match (asked.first, asked.last) {
            (None, None) => DEFAULT_PAGE,
            (Some(first), _) => size("first", first)?,
            (None, Some(last)) => size("last", last)?,
        };
        let window = Window {
            after: place("after", asked.after.as_deref(), &order)?,
            before: place("before", asked.before.as_deref(), &order)?,
            size,
            from_end: asked.last.is_some(),
        };
        Ok(Self { window, order })
    }

    /// Reads a page of a list in an order; `place` says where a row lies in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read<E, T>(
        &self,
        context: &Context<'_>,
        query: Select<E>,
        order: &Order<E::Column>,
        place: impl Fn(&E::Model) -> Place,
        node: impl Fn(E::Model) -> T,
    ) -> Result<Connection<T>, Failure>
    where
        E: EntityTrait<Model: FromQueryResult + Sized + Send + Sync>,
        T: OutputType + Clone,
        Edge<T>: OutputType,
    {
        let database = &context.data_unchecked::<AppState>().platform.database;
        self.read_over(database, context, query, order, place, node).await
    }

    /// As [`Self::read`], over another database than the viewer's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read_over<E, T>(
        &self,
        database: &Database,
        context: &Context<'_>,
        query: Select<E>,
        order: &Order<E::Column>,
        place: impl Fn(&E::Model) -> Place,
        node: impl Fn(E::Model) -> T,
    ) -> Result<Connection<T>, Failure>
    where
        E: EntityTrait<Model: FromQueryResult + Sized + Send + Sync>,
        T: OutputType + Clone,
        Edge<T>: OutputType,
    {
        let total = match is_counted(context) {
            true => Some(Box::pin(query.clone().count(database.connection())).await?),
            false => None,
        };
        let rows = database.all(self.window.select(query, order)).await?;
        Ok(self.connection(self.window.page(rows), place, node, total))
    }

    /// Makes the connection of a page.
    pub fn connection<R, T: OutputType + Clone>(
        &self,
        page: Page<R>,
        place: impl Fn(&R) -> Place,
        node: impl Fn(R) -> T,
        total_count: Option<u64>,
    ) -> Connection<T>
    where
        Edge<T>: OutputType,
    {
        let mut edges = Vec::with_capacity(page.rows.len());
        for row in page.rows {
            edges.push(Edge {
                cursor: cursor(&self.order, &place(&row)),
                node: node(row),
            });
        }
        let page_info = PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
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

/// Whether the client wants to know how many rows there are: only then they are counted.
pub fn is_counted(context: &Context<'_>) -> bool {
    context.look_ahead().field("totalCount").exists()
}

/// The condition that a text contains what somebody looks for, its letters' case apart. SQLite knows the case of ASCII only:
/// there other letters are found as they are written.
pub fn contains(column: impl ColumnTrait, text: &str) -> SimpleExpr {
    let like = |pattern: String| LikeExpr::new(pattern).escape('\\');
    let stored = Expr::col(column.as_column_ref());
    let lower = Expr::from(Func::lower(stored.clone()));
    let as_written = stored.like(like(pattern(text)));
    lower.like(like(pattern(&text.to_lowercase()))).or(as_written)
}

/// The pattern of texts that contain this one; nothing in it is a wildcard.
fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn size(name: &str, size: i32) -> Result<usize, Failure> {
    let checked = usize::try_from(size).ok();
    checked
        .filter(|size| (1..=MAX_PAGE).contains(size))
        .ok_or_else(|| Failure::bad_input(format!("`{name}` must be from 1 to {MAX_PAGE}.")))
}

fn cursor(order: &str, place: &Place) -> String {
    // Keys are numbers that a database stores: none of them is NaN or infinite, and all have a JSON form.
    let json = serde_json::to_vec(&(order, &place.key, place.id)).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(json)
}

fn place(argument: &str, cursor: Option<&str>, order: &str) -> Result<Option<Place>, Failure> {
    let Some(cursor) = cursor else { return Ok(None) };
    let refused = || {
        let message = format!("`{argument}` is not a cursor of this list in this order.");
        Failure::bad_input(message)
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let decoded: Result<(String, Key, Uuid), _> = serde_json::from_slice(&bytes);
    let (of, key, id) = decoded.map_err(|_| refused())?;
    // What no database can store or compare was not made by us.
    let is_sound = match &key {
        Key::Text(text) => !text.contains('\0'),
        Key::Number(number) => number.is_finite(),
        Key::None | Key::Whole(_) | Key::Time(_) => true,
    };
    if of != order || !is_sound {
        return Err(refused());
    }
    Ok(Some(Place { key, id }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(first: Option<i32>, last: Option<i32>, after: Option<&str>) -> Result<PageRequest, Failure> {
        let arguments = PageArguments {
            first,
            last,
            after: after.map(str::to_owned),
            before: None,
        };
        PageRequest::new(&arguments, "NAME")
    }

    #[test]
    fn sizes_outside_the_range_are_refused_and_so_are_two() {
        for size in [Some(0), Some(-1), Some(101), Some(i32::MIN)] {
            assert!(asked(size, None, None).is_err(), "{size:?}");
            assert!(asked(None, size, None).is_err(), "{size:?}");
        }
        for size in [None, Some(1), Some(100)] {
            assert!(asked(size, None, None).is_ok(), "{size:?}");
            assert!(asked(None, size, None).is_ok(), "{size:?}");
        }
        assert!(asked(Some(1), Some(1), None).is_err());
    }

    #[test]
    fn cursors_go_there_and_back_and_foreign_ones_are_refused() {
        for key in [
            Key::None,
            Key::Text("Ärger\n\"".to_owned()),
            Key::Whole(i64::MIN),
            Key::Number(-0.1 / 3.0),
            Key::Time(DateTime::from_timestamp_micros(1_790_000_000_123_456).unwrap()),
        ] {
            let there = Place {
                key,
                id: Uuid::now_v7(),
            };
            let text = cursor("\"NAME\"", &there);
            assert_eq!(
                asked(None, None, Some(&text)).unwrap().window.after,
                Some(there.clone())
            );
            assert!(asked(None, None, Some(&cursor("\"SCORE\"", &there))).is_err());
        }
        let nul = Place {
            key: Key::Text("\0".to_owned()),
            id: Uuid::nil(),
        };
        for text in [
            "",
            "%%%",
            "bnVsbA",
            &cursor("\"NAME\"", &nul),
            &"A".repeat(10_000),
        ] {
            assert!(asked(None, None, Some(text)).is_err(), "{text}");
        }
    }
}
