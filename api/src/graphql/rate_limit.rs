//! What the viewer may still ask for.

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entities::Viewer;
use platform::allowance::Subject;

use crate::failure::Failure;
use crate::state::AppState;

/// Points that the running operation was charged.
#[derive(Clone, Copy, Debug)]
pub struct Charged(pub u64);

/// The viewer's rate limit. Every operation costs points, known before it runs; they flow back evenly.
#[derive(SimpleObject)]
pub struct RateLimit {
    /// Points that can be spent at once, and that flow back in a minute.
    limit: i32,
    /// Points that this operation has cost.
    cost: i32,
    /// Points that are left, this operation's not among them.
    remaining: i32,
    /// Points that are spent and have not flowed back.
    used: i32,
    /// When nothing will be missing, if nothing is spent until then.
    reset_at: DateTime<Utc>,
}

/// Asking for the rate limit.
#[derive(Default)]
pub struct RateLimitQuery;

#[Object]
impl RateLimitQuery {
    /// The viewer's rate limit, and what this operation has cost; null when this server has no limit.
    async fn rate_limit(&self, context: &Context<'_>) -> Result<Option<RateLimit>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        let cost = context.data_opt::<Charged>().map_or(0, |charged| charged.0);
        let subject = Subject::Person(viewer.user_id);
        let standing = state
            .platform
            .allowances
            .standing(subject, platform::database::now())
            .await;
        Ok(standing.map(|standing| RateLimit {
            limit: shown(standing.rate.amount),
            cost: shown(cost),
            remaining: shown(standing.remaining),
            used: shown(standing.rate.amount - standing.remaining),
            reset_at: standing.full_at,
        }))
    }
}

fn shown(points: u64) -> i32 {
    i32::try_from(points).unwrap_or(i32::MAX)
}
