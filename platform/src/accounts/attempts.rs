//! Slows down whoever guesses, over all processes: what is tried is counted before it is tried, so that trying many at once
//! gains nothing.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entities::attempt::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect, Set};

use super::token_hash;
use crate::{Database, Error};

/// How much is let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Attempts without a pause.
    pub free: i32,
    /// After so long without one, they are forgotten.
    pub window: TimeDelta,
    /// Pause after the last free one; it doubles with each after that.
    pub pause: TimeDelta,
    /// Longest pause.
    pub cap: TimeDelta,
}

/// Passwords tried for one account.
pub const PASSWORDS: Budget = Budget {
    free: 5,
    window: TimeDelta::minutes(15),
    pause: TimeDelta::seconds(30),
    cap: TimeDelta::minutes(15),
};
/// Passwords, refresh tokens and mailed tokens tried from one address.
pub const CLIENT: Budget = Budget {
    free: 20,
    ..PASSWORDS
};
/// Mails about accounts to one address.
pub const MAILS: Budget = Budget {
    free: 3,
    window: TimeDelta::hours(1),
    pause: TimeDelta::minutes(10),
    cap: TimeDelta::hours(1),
};
/// Mails about accounts asked for from one address, and accounts made.
pub const MAILS_OF_CLIENT: Budget = Budget { free: 20, ..MAILS };

/// Something that is counted, and how much of it is let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    name: String,
    budget: Budget,
}

impl Subject {
    /// Passwords of the account with that address, whether there is one or not. The address itself is not stored.
    pub fn account(login: &str) -> Self {
        Self {
            name: format!("account:{}", token_hash(login)),
            budget: PASSWORDS,
        }
    }

    /// What comes from a network address.
    pub fn client(address: IpAddr) -> Self {
        Self {
            name: format!("client:{}", network(address)),
            budget: CLIENT,
        }
    }

    /// Mails to an address.
    pub fn mails(address: &str) -> Self {
        Self {
            name: format!("mails:{}", token_hash(&address.to_lowercase())),
            budget: MAILS,
        }
    }

    /// Mails that a network address asks for.
    pub fn mails_of_client(address: IpAddr) -> Self {
        Self {
            name: format!("mails-of:{}", network(address)),
            budget: MAILS_OF_CLIENT,
        }
    }
}

/// Come back after so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub i64);

/// Counts an attempt on each subject, unless one of them has to wait: then nothing is counted.
///
/// # Errors
/// When the database refuses.
pub async fn begin(
    database: &Database,
    subjects: &[Subject],
    now: DateTime<Utc>,
) -> Result<Result<(), Wait>, Error> {
    let transaction = database.begin().await?;
    let mut changes = Vec::new();
    for subject in in_order(subjects) {
        let fresh = Model {
            subject: subject.name.clone(),
            count: 0,
            counted_at: now,
            blocked_until: None,
        };
        Entity::insert(fresh.into_active_model())
            .on_conflict_do_nothing_on([Column::Subject])
            .exec_without_returning(&transaction)
            .await?;
        let row = Entity::find_by_id(&subject.name).lock_exclusive();
        let row = row.one(&transaction).await?.ok_or(Error::Gone)?;
        match counted(&row, subject.budget, now) {
            Ok(change) => changes.push(change),
            Err(wait) => return Ok(Err(wait)),
        }
    }
    for change in changes {
        change.update(&transaction).await?;
    }
    transaction.commit().await?;
    Ok(Ok(()))
}

/// The attempt was a good one: the account's count begins anew, and the others are as if it had not been.
///
/// # Errors
/// When the database refuses.
pub async fn succeeded(database: &Database, subjects: &[Subject]) -> Result<(), Error> {
    let transaction = database.begin().await?;
    for subject in in_order(subjects) {
        if subject.budget == PASSWORDS {
            Entity::delete_by_id(&subject.name).exec(&transaction).await?;
            continue;
        }
        let row = Entity::find_by_id(&subject.name).lock_exclusive();
        let Some(row) = row.one(&transaction).await? else {
            continue;
        };
        let count = (row.count - 1).max(0);
        let mut change = row.into_active_model();
        change.count = Set(count);
        if count < subject.budget.free {
            change.blocked_until = Set(None);
        }
        change.update(&transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Locks are taken in one order, whoever takes them.
fn in_order(subjects: &[Subject]) -> Vec<&Subject> {
    let mut sorted: Vec<&Subject> = subjects.iter().collect();
    sorted.sort_by(|one, other| one.name.cmp(&other.name));
    sorted.dedup();
    sorted
}

/// One more attempt, or how long to wait for it.
fn counted(row: &Model, budget: Budget, now: DateTime<Utc>) -> Result<ActiveModel, Wait> {
    if let Some(until) = row.blocked_until
        && now < until
    {
        return Err(Wait((until - now).num_seconds() + 1));
    }
    let quiet_since = row.blocked_until.unwrap_or(row.counted_at).max(row.counted_at);
    let is_over = now >= quiet_since + budget.window;
    let count = if is_over { 1 } else { row.count + 1 };
    let mut change = row.clone().into_active_model();
    change.count = Set(count);
    change.counted_at = Set(now);
    change.blocked_until = Set((count >= budget.free).then(|| now + pause(budget, count)));
    Ok(change)
}

/// After that many attempts.
fn pause(budget: Budget, count: i32) -> TimeDelta {
    let doublings = u32::try_from(count - budget.free).unwrap_or(0).min(16);
    (budget.pause * 2_i32.pow(doublings)).min(budget.cap)
}

/// An IPv4 address; of an IPv6 address the half that names the network: the other half is its holder's to choose.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        for (count, seconds) in [(5, 30), (6, 60), (7, 120), (10, 900), (i32::MAX, 900)] {
            assert_eq!(pause(PASSWORDS, count).num_seconds(), seconds, "{count}");
        }
    }

    #[test]
    fn an_address_is_its_network() {
        for (address, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("::1", "0:0:0:0::/64"),
        ] {
            assert_eq!(network(address.parse().unwrap()), expected);
        }
    }

    #[test]
    fn quiet_forgets() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let row = |count, minutes_ago, blocked_minutes_ago: Option<i64>| Model {
            subject: "account:x".to_owned(),
            count,
            counted_at: now - TimeDelta::minutes(minutes_ago),
            blocked_until: blocked_minutes_ago.map(|minutes| now - TimeDelta::minutes(minutes)),
        };
        let next = |row: &Model| counted(row, PASSWORDS, now).map(|change| change.count.unwrap());
        assert_eq!(next(&row(3, 14, None)), Ok(4));
        assert_eq!(next(&row(3, 15, None)), Ok(1));
        // The pause itself is not quiet.
        assert_eq!(next(&row(8, 20, Some(10))), Ok(9));
        assert_eq!(next(&row(8, 40, Some(15))), Ok(1));
        assert_eq!(next(&row(8, 1, Some(-2))), Err(Wait(121)));
    }
}
