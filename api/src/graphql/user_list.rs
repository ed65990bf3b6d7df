//! Lists of people, for administrators.

use async_graphql::{Enum, InputObject};
use entities::user;
use platform::pages::{By, Key, Order, Place};
use sea_orm::{ColumnTrait, Condition};

use super::job_list::check_text;
use super::page::{OrderDirection, TimeRange, contains};
use super::user::UserRole;
use crate::failure::Failure;

/// Which people to list: those that meet every condition named.
#[derive(InputObject)]
pub struct UserFilter {
    /// The name or the address contains this, 1 to 200 characters; upper and lower case are the same.
    text: Option<String>,
    /// With this role.
    role: Option<UserRole>,
    /// True: those who are kept out; false: those who are let in.
    is_suspended: Option<bool>,
    /// Whose account was made within this time.
    created_at: Option<TimeRange>,
}

impl UserFilter {
    /// The condition in the database's words.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a text that is empty or too long.
    pub fn condition(self) -> Result<Condition, Failure> {
        let mut all = Condition::all();
        if let Some(text) = self.text {
            check_text(&text)?;
            let anywhere = Condition::any()
                .add(contains(user::Column::Name, &text))
                .add(contains(user::Column::Email, &text));
            all = all.add(anywhere);
        }
        if let Some(role) = self.role {
            all = all.add(user::Column::Role.eq(user::Role::from(role)));
        }
        all = match self.is_suspended {
            Some(true) => all.add(user::Column::SuspendedAt.is_not_null()),
            Some(false) => all.add(user::Column::SuspendedAt.is_null()),
            None => all,
        };
        if let Some(range) = self.created_at {
            all = all.add(range.on(user::Column::CreatedAt));
        }
        Ok(all)
    }
}

/// What people can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserOrderField {
    /// When the account was made.
    CreatedAt,
    /// The shown name, upper and lower case the same.
    Name,
}

/// The order of a list of people.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct UserOrder {
    /// By what.
    field: UserOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl Default for UserOrder {
    fn default() -> Self {
        Self {
            field: UserOrderField::CreatedAt,
            direction: OrderDirection::Descending,
        }
    }
}

impl UserOrder {
    /// The order in the database's words.
    pub fn order(self) -> Order<user::Column> {
        Order {
            by: match self.field {
                // Keys are UUID v7: their order is the order of creation.
                UserOrderField::CreatedAt => By::Id,
                UserOrderField::Name => By::Text(user::Column::Name),
            },
            id: user::Column::Id,
            direction: self.direction.into(),
        }
    }

    /// Where a row lies in it.
    pub fn place(self, row: &user::Model) -> Place {
        let key = match self.field {
            UserOrderField::CreatedAt => Key::None,
            UserOrderField::Name => Key::Text(row.name.clone()),
        };
        Place { key, id: row.id }
    }
}
