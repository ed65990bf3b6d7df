//! What a job has cost.

use std::collections::HashMap;

use async_graphql::SimpleObject;
use async_graphql::dataloader::Loader;
use entities::usage;
use platform::settings::Price;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use super::loaders::{LoadError, Rows};

/// What the computing of a job has cost, as far as it has ended.
#[derive(Debug, PartialEq, SimpleObject)]
pub struct JobCost {
    /// Seconds that slots have worked for it, those of trials that failed included.
    pub compute_seconds: f64,
    /// What that costs; null where the server knows no price.
    pub amount: Option<f64>,
    /// What the amount is in, as the server's settings call it.
    pub currency: Option<String>,
}

impl JobCost {
    /// The cost of so many milliseconds.
    pub fn of(spent_ms: i64, price: Option<&Price>) -> Self {
        let compute_seconds = spent_ms as f64 / 1e3;
        Self {
            compute_seconds,
            amount: price.map(|price| compute_seconds / 3600.0 * price.per_hour),
            currency: price.and_then(|price| price.currency.clone()),
        }
    }
}

/// Milliseconds that slots have worked for a job; nothing where none has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CostOfJob(pub Uuid);

impl Loader<CostOfJob> for Rows {
    type Value = i64;
    type Error = LoadError;

    async fn load(&self, keys: &[CostOfJob]) -> Result<HashMap<CostOfJob, i64>, LoadError> {
        let own = |viewer: entities::Viewer| -> Select<usage::Entity> {
            usage::Entity::find().filter(usage::Column::UserId.eq(viewer.user_id))
        };
        // Postgres makes a decimal number of a sum of whole ones.
        let sum = Expr::col(usage::Column::Amount).sum().cast_as("BIGINT");
        let rows: Vec<(Uuid, i64)> = self
            .of(own)
            .select_only()
            .column(usage::Column::JobId)
            .column_as(sum, "spent")
            .filter(
                self.database
                    .among(usage::Column::JobId, keys.iter().map(|key| key.0)),
            )
            .filter(usage::Column::Kind.eq(usage::Kind::Compute))
            .group_by(usage::Column::JobId)
            .into_tuple()
            .all(self.database.connection())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(job, spent)| (CostOfJob(job), spent))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_costs_the_price_and_without_a_price_nothing_is_said() {
        let price = Price {
            per_hour: 0.5,
            currency: Some("EUR".to_owned()),
        };
        let cost = JobCost::of(7_200_000, Some(&price));
        assert_eq!((cost.compute_seconds, cost.amount), (7200.0, Some(1.0)));
        assert_eq!(cost.currency.as_deref(), Some("EUR"));
        let cost = JobCost::of(1, None);
        assert_eq!((cost.amount, cost.currency), (None, None));
    }
}
