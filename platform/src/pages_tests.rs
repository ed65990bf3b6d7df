//! Whoever walks through a list page by page sees each row that was there all the time once, in order, whatever comes and
//! goes meanwhile; over `test_database`.

use std::collections::BTreeSet;

use entities::{dataset, job, user};
use migration::MigratorTrait;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::connection::Connection;
use crate::pages::{By, Direction, Key, Order, Page, Place, Window, compare};
use crate::{Database, database, test_database};

/// Lists that are walked through.
const ORDERS: [By<job::Column>; 4] = [
    By::Id,
    By::Text(job::Column::Name),
    By::Value(job::Column::Score),
    By::Value(job::Column::FinishedAt),
];

/// A row to be: letters of its name, its score and when it ended, all with many ties and gaps.
type Sketch = (String, Option<i8>, Option<u8>);

/// What happens between two pages.
#[derive(Clone, Debug)]
enum Event {
    Insert(Sketch),
    /// One of the rows that are there.
    Delete(prop::sample::Index),
}

/// A walk through a list.
#[derive(Clone, Debug)]
struct Walk {
    by: usize,
    direction: bool,
    from_end: bool,
    size: usize,
    rows: Vec<Sketch>,
    /// Page by page.
    events: Vec<Vec<Event>>,
}

fn sketch() -> impl Strategy<Value = Sketch> {
    (
        "[abAB]{0,2}",
        prop::option::weighted(0.7, -3_i8..3),
        prop::option::weighted(0.7, 0_u8..4),
    )
}

fn walk() -> impl Strategy<Value = Walk> {
    let event = prop_oneof![
        sketch().prop_map(Event::Insert),
        any::<prop::sample::Index>().prop_map(Event::Delete)
    ];
    let events = prop::collection::vec(prop::collection::vec(event, 0..4), 0..8);
    let rows = prop::collection::vec(sketch(), 0..24);
    (
        0..ORDERS.len(),
        any::<bool>(),
        any::<bool>(),
        1_usize..6,
        rows,
        events,
    )
        .prop_map(|(by, direction, from_end, size, rows, events)| Walk {
            by,
            direction,
            from_end,
            size,
            rows,
            events,
        })
}

/// A list of jobs of one person.
struct List<'a> {
    connection: &'a Connection,
    user_id: Uuid,
    dataset_id: Uuid,
    order: Order<job::Column>,
}

impl List<'_> {
    async fn insert(&self, (name, score, ended): Sketch) -> job::Model {
        let started = database::now();
        let row = job::Model {
            id: Uuid::now_v7(),
            user_id: self.user_id,
            dataset_id: self.dataset_id,
            name,
            state: job::State::Completed,
            error: None,
            version: 1,
            target: "y".to_owned(),
            settings: job::JobSettings::default(),
            problem: None,
            metric: None,
            higher_is_better: None,
            shape: None,
            notes: job::Notes::default(),
            prepared_key: None,
            finish_requested: false,
            cancel_requested: false,
            created_at: started,
            started_at: None,
            search_started_at: None,
            paused_ms: 0,
            // Thirds have no short decimal form: keys must survive the way to the database and back to the bit.
            score: score.map(|score| f64::from(score) / 3.0),
            finished_at: ended.map(|hours| {
                let day = chrono::DateTime::from_timestamp_millis(1_800_000_000_000).unwrap();
                day + chrono::Duration::milliseconds(1_234 * i64::from(hours))
            }),
            annotation: None,
        };
        row.into_active_model().insert(self.connection).await.unwrap()
    }

    async fn page(&self, window: &Window) -> Page<job::Model> {
        let own = job::Entity::find().filter(job::Column::UserId.eq(self.user_id));
        let rows = window
            .select(own, &self.order)
            .all(self.connection)
            .await
            .unwrap();
        window.page(rows)
    }

    /// Lets something happen to the rows that are there, and to the set of those that always were.
    async fn happen(&self, event: Event, there: &mut Vec<job::Model>, lasting: &mut BTreeSet<Uuid>) {
        match event {
            Event::Insert(sketch) => there.push(self.insert(sketch).await),
            Event::Delete(_) if there.is_empty() => {}
            Event::Delete(index) => {
                let gone = there.swap_remove(index.index(there.len()));
                lasting.remove(&gone.id);
                let delete = job::Entity::delete_by_id(gone.id);
                delete.exec(self.connection).await.unwrap();
            }
        }
    }

    fn place(&self, row: &job::Model) -> Place {
        let key = match self.order.by {
            By::Id | By::Number(_) => Key::None,
            By::Text(_) => Key::Text(row.name.clone()),
            By::Value(job::Column::Score) => row.score.map_or(Key::None, Key::Number),
            By::Value(_) => row.finished_at.map_or(Key::None, Key::Time),
        };
        Place { key, id: row.id }
    }
}

async fn check(connection: &Connection, user_id: Uuid, dataset_id: Uuid, walk: Walk) {
    let direction = match walk.direction {
        true => Direction::Ascending,
        false => Direction::Descending,
    };
    let order = Order {
        by: ORDERS[walk.by],
        id: job::Column::Id,
        direction,
    };
    let list = List {
        connection,
        user_id,
        dataset_id,
        order,
    };
    let mut there = Vec::new();
    for sketch in walk.rows {
        there.push(list.insert(sketch).await);
    }
    let mut lasting: BTreeSet<Uuid> = there.iter().map(|row| row.id).collect();
    let mut seen: Vec<job::Model> = Vec::new();
    let mut window = Window {
        after: None,
        before: None,
        size: walk.size,
        from_end: walk.from_end,
    };
    for page in 0.. {
        let read = list.page(&window).await;
        assert!(read.rows.len() <= walk.size);
        let (edge, goes_on) = match walk.from_end {
            true => (read.rows.first(), read.has_previous),
            false => (read.rows.last(), read.has_next),
        };
        let Some(edge) = edge.map(|row| list.place(row)) else {
            break;
        };
        match walk.from_end {
            true => {
                window.before = Some(edge);
                seen.splice(0..0, read.rows);
            }
            false => {
                window.after = Some(edge);
                seen.extend(read.rows);
            }
        }
        for event in walk.events.get(page).cloned().unwrap_or_default() {
            list.happen(event, &mut there, &mut lasting).await;
        }
        if !goes_on {
            break;
        }
    }
    let places: Vec<Place> = seen.iter().map(|row| list.place(row)).collect();
    for pair in places.windows(2) {
        assert!(
            compare(&pair[0], &pair[1], direction).is_lt(),
            "{pair:?} out of order"
        );
    }
    let shown: BTreeSet<Uuid> = seen.iter().map(|row| row.id).collect();
    assert!(
        lasting.is_subset(&shown),
        "not shown: {:?}",
        lasting.difference(&shown)
    );
    job::Entity::delete_many()
        .filter(job::Column::UserId.eq(user_id))
        .exec(connection)
        .await
        .unwrap();
}

#[test]
fn a_walk_shows_what_was_there_all_the_time_once_and_in_order() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (database, user_id, dataset_id) = runtime.block_on(async {
        let database = Database::connect(&test_database::url(folder.path()).await)
            .await
            .unwrap();
        migration::Migrator::up(database.connection(), None)
            .await
            .unwrap();
        let user = user::Model::new(Uuid::now_v7(), "Ada", database::now());
        let user = user
            .into_active_model()
            .insert(database.connection())
            .await
            .unwrap();
        let dataset_id = dataset_of(&database, user.id).await;
        (database, user.id, dataset_id)
    });
    let config = Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&walk(), |walk| {
        runtime.block_on(check(database.connection(), user_id, dataset_id, walk));
        Ok(())
    });
    outcome.unwrap();
}

async fn dataset_of(database: &Database, user_id: Uuid) -> Uuid {
    let row = dataset::Model {
        id: Uuid::now_v7(),
        user_id,
        name: "d".to_owned(),
        file_name: "d.csv".to_owned(),
        size_bytes: 1,
        state: dataset::State::Ready,
        error: None,
        version: 1,
        source_key: "datasets/x/source".to_owned(),
        profile_key: None,
        frame_key: None,
        row_count: None,
        column_count: None,
        created_at: database::now(),
        format: None,
    };
    row.into_active_model()
        .insert(database.connection())
        .await
        .unwrap()
        .id
}

proptest! {
    /// What lies in memory is cut into pages as the database would cut it.
    #[test]
    fn pages_in_memory_are_pages_of_the_sorted_rows(
        keys in prop::collection::vec(prop::option::weighted(0.8, -3_i64..3), 0..30),
        size in 1_usize..7,
        from_end: bool,
        is_rising: bool,
    ) {
        let direction = if is_rising { Direction::Ascending } else { Direction::Descending };
        let rows: Vec<Place> = keys
            .iter()
            .map(|key| Place { key: key.map_or(Key::None, Key::Whole), id: Uuid::now_v7() })
            .collect();
        let mut sorted = rows.clone();
        sorted.sort_by(|left, right| compare(left, right, direction));
        let mut window = Window { after: None, before: None, size, from_end };
        let mut walked: Vec<Place> = Vec::new();
        loop {
            let page = window.take(rows.clone(), direction, Clone::clone);
            let goes_on = if from_end { page.has_previous } else { page.has_next };
            if from_end {
                window.before = page.rows.first().cloned();
                walked.splice(0..0, page.rows);
            } else {
                window.after = page.rows.last().cloned();
                walked.extend(page.rows);
            }
            if !goes_on {
                break;
            }
        }
        prop_assert_eq!(walked, sorted);
    }
}
