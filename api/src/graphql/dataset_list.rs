//! Lists of datasets: which, in which order, page by page.

use async_graphql::{Context, Enum, InputObject, Object};
use entities::{Viewer, dataset};
use platform::pages::{By, Key, Order, Place};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use super::dataset::{Dataset, DatasetState};
use super::job_list::{check_text, check_values};
use super::page::{Connection, OrderDirection, PageArguments, PageRequest, contains};
use crate::failure::Failure;

/// Which datasets to list: those that meet every condition named.
#[derive(InputObject)]
pub struct DatasetFilter {
    /// In one of these states.
    state: Option<Vec<DatasetState>>,
    /// The name or the name of the file contains this, 1 to 200 characters; upper and lower case are the same.
    text: Option<String>,
}

/// What datasets can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DatasetOrderField {
    /// When it was made.
    CreatedAt,
    /// Its name, upper and lower case the same.
    Name,
    /// Size of the uploaded file.
    SizeBytes,
    /// Rows of the table; those that were not read yet come last.
    Rows,
}

/// The order of a list of datasets.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct DatasetOrder {
    /// By what.
    field: DatasetOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl Default for DatasetOrder {
    fn default() -> Self {
        Self {
            field: DatasetOrderField::CreatedAt,
            direction: OrderDirection::Descending,
        }
    }
}

impl DatasetOrder {
    fn order(self) -> Order<dataset::Column> {
        Order {
            by: match self.field {
                // Keys are UUID v7: their order is the order of creation.
                DatasetOrderField::CreatedAt => By::Id,
                DatasetOrderField::Name => By::Text(dataset::Column::Name),
                DatasetOrderField::SizeBytes => By::Value(dataset::Column::SizeBytes),
                DatasetOrderField::Rows => By::Value(dataset::Column::RowCount),
            },
            id: dataset::Column::Id,
            direction: self.direction.into(),
        }
    }

    fn place(self, row: &dataset::Model) -> Place {
        let key = match self.field {
            DatasetOrderField::CreatedAt => Key::None,
            DatasetOrderField::Name => Key::Text(row.name.clone()),
            DatasetOrderField::SizeBytes => Key::Whole(row.size_bytes),
            DatasetOrderField::Rows => row.row_count.map_or(Key::None, Key::Whole),
        };
        Place { key, id: row.id }
    }
}

impl DatasetFilter {
    /// The condition in the database's words.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for too many values, or a text that is empty or too long.
    fn condition(self) -> Result<Condition, Failure> {
        let mut all = Condition::all();
        if let Some(states) = self.state {
            check_values("state", states.len())?;
            all = all.add(dataset::Column::State.is_in(states.into_iter().map(dataset::State::from)));
        }
        if let Some(text) = self.text {
            check_text(&text)?;
            let anywhere = Condition::any()
                .add(contains(dataset::Column::Name, &text))
                .add(contains(dataset::Column::FileName, &text));
            all = all.add(anywhere);
        }
        Ok(all)
    }
}

/// Lists of datasets.
#[derive(Default)]
pub struct DatasetQuery;

#[Object]
impl DatasetQuery {
    /// The viewer's datasets, newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field")]
    async fn datasets(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
        #[graphql(desc = "Which ones; all when absent.")] filter: Option<DatasetFilter>,
        #[graphql(desc = "In which order; the newest first when absent.")] order_by: Option<DatasetOrder>,
    ) -> Result<Option<Connection<Dataset>>, Failure> {
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let order = order_by.unwrap_or_default();
        let request = PageRequest::new(&asked, order)?;
        let mut query = dataset::Entity::find_for(*context.data_unchecked::<Viewer>());
        if let Some(filter) = filter {
            query = query.filter(filter.condition()?);
        }
        let place = |row: &dataset::Model| order.place(row);
        let sorted = order.order();
        let page = request.read(context, query, &sorted, place, Dataset);
        page.await.map(Some)
    }
}
