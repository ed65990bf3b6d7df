//! Pages of a list, found by the key of the row beside them and not by counting: rows that come and go between two pages
//! neither repeat others nor hide them. Every order ends with the id, so that no two rows lie in the same place. Rows without
//! the value that the list is ordered by come last, whatever the direction.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, Order as Sorted, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which way a list goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// What a list is ordered by before the id.
#[derive(Clone, Copy, Debug)]
pub enum By<C> {
    /// Nothing: the id alone, which is the order of creation.
    Id,
    /// A number or a time.
    Value(C),
    /// A text, its letters' case apart.
    Text(C),
    /// A whole number that no two rows share: the id is not looked at.
    Number(C),
}

/// The order of a list.
#[derive(Clone, Copy, Debug)]
pub struct Order<C> {
    /// What comes first.
    pub by: By<C>,
    /// The column of the id, a UUID v7.
    pub id: C,
    /// Which way.
    pub direction: Direction,
}

/// A row's value of what the list is ordered by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Key {
    /// It has none, or the list is ordered by the id alone.
    None,
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A moment.
    Time(DateTime<Utc>),
}

/// Where a row lies in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Its value.
    pub key: Key,
    /// Its id.
    pub id: Uuid,
}

/// The part of a list that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Rows behind this place only.
    pub after: Option<Place>,
    /// Rows before this place only.
    pub before: Option<Place>,
    /// Rows at most; not 0.
    pub size: usize,
    /// The last such rows instead of the first.
    pub from_end: bool,
}

/// Rows of a window, in the order of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows precede.
    pub has_previous: bool,
}

impl Window {
    /// The statement that reads the window, and one row more to see whether there is one.
    pub fn select<E: EntityTrait>(&self, query: Select<E>, order: &Order<E::Column>) -> Select<E> {
        let mut query = query;
        if let Some(place) = &self.after {
            query = query.filter(beside(order, place, true));
        }
        if let Some(place) = &self.before {
            query = query.filter(beside(order, place, false));
        }
        let is_rising = (order.direction == Direction::Ascending) != self.from_end;
        let sorted = if is_rising { Sorted::Asc } else { Sorted::Desc };
        if let Some(value) = order.value() {
            let nulls = if self.from_end { Sorted::Desc } else { Sorted::Asc };
            query = query
                .order_by(value.clone().is_null(), nulls)
                .order_by(value, sorted.clone());
        }
        let query = match order.by {
            By::Number(_) => query,
            _ => query.order_by(order.id, sorted),
        };
        query.limit(self.size as u64 + 1)
    }

    /// The page of the rows that [`Window::select`] has read.
    pub fn page<R>(&self, mut rows: Vec<R>) -> Page<R> {
        let has_more = rows.len() > self.size;
        rows.truncate(self.size);
        if self.from_end {
            rows.reverse();
        }
        Page {
            rows,
            has_next: if self.from_end {
                self.before.is_some()
            } else {
                has_more
            },
            has_previous: if self.from_end {
                has_more
            } else {
                self.after.is_some()
            },
        }
    }

    /// The page of rows that are in memory already, in any order.
    pub fn take<R>(&self, mut rows: Vec<R>, direction: Direction, place: impl Fn(&R) -> Place) -> Page<R> {
        let is_inside = |row: &R| {
            let place = place(row);
            let is_behind = |edge: &Place| compare(&place, edge, direction) == Ordering::Greater;
            let is_ahead = |edge: &Place| compare(&place, edge, direction) == Ordering::Less;
            self.after.as_ref().is_none_or(is_behind) && self.before.as_ref().is_none_or(is_ahead)
        };
        rows.retain(is_inside);
        rows.sort_by(|left, right| compare(&place(left), &place(right), direction));
        if self.from_end {
            rows.reverse();
        }
        rows.truncate(self.size + 1);
        self.page(rows)
    }
}

impl<C: ColumnTrait> Order<C> {
    /// What is sorted by, as the database computes it.
    fn value(&self) -> Option<SimpleExpr> {
        match self.by {
            By::Id => None,
            By::Value(column) | By::Number(column) => Some(Expr::col(column.as_column_ref())),
            By::Text(column) => Some(Func::lower(Expr::col(column.as_column_ref())).into()),
        }
    }
}

/// Which of two rows comes first in a list of that direction.
pub fn compare(left: &Place, right: &Place, direction: Direction) -> Ordering {
    let turned = |order: Ordering| match direction {
        Direction::Ascending => order,
        Direction::Descending => order.reverse(),
    };
    let by_key = match (&left.key, &right.key) {
        (Key::None, Key::None) => Ordering::Equal,
        (Key::None, _) => return Ordering::Greater,
        (_, Key::None) => return Ordering::Less,
        (Key::Text(left), Key::Text(right)) => left.to_lowercase().cmp(&right.to_lowercase()),
        (Key::Whole(left), Key::Whole(right)) => left.cmp(right),
        (Key::Number(left), Key::Number(right)) => left.total_cmp(right),
        (Key::Time(left), Key::Time(right)) => left.cmp(right),
        // Keys of one list are of one kind.
        _ => Ordering::Equal,
    };
    turned(by_key.then(left.id.cmp(&right.id)))
}

/// Rows behind a place, or before it.
fn beside<C: ColumnTrait>(order: &Order<C>, place: &Place, is_behind: bool) -> Condition {
    let is_greater = (order.direction == Direction::Ascending) == is_behind;
    let beyond = |left: SimpleExpr, right: SimpleExpr| match is_greater {
        true => left.gt(right),
        false => left.lt(right),
    };
    let by_id = beyond(Expr::col(order.id.as_column_ref()), Expr::val(place.id));
    let Some(value) = order.value() else {
        return Condition::all().add(by_id);
    };
    let Some(key) = constant(&place.key) else {
        let among_nulls = value.clone().is_null().and(by_id);
        let rows = Condition::any().add(among_nulls);
        return if is_behind {
            rows
        } else {
            rows.add(value.is_not_null())
        };
    };
    if matches!(order.by, By::Number(_)) {
        return Condition::all().add(beyond(value, key));
    }
    let rows = Condition::any()
        .add(beyond(value.clone(), key.clone()))
        .add(value.clone().eq(key).and(by_id));
    if is_behind {
        rows.add(value.is_null())
    } else {
        rows
    }
}

/// A key as the database compares it.
fn constant(key: &Key) -> Option<SimpleExpr> {
    match key {
        Key::None => None,
        Key::Text(text) => Some(Func::lower(Expr::val(text.clone())).into()),
        Key::Whole(number) => Some(Expr::val(*number)),
        Key::Number(number) => Some(Expr::val(*number)),
        Key::Time(time) => Some(Expr::val(*time)),
    }
}
