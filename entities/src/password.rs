//! Passwords of people who sign in here, stored as argon2id only.

use sea_orm::entity::prelude::*;

/// How a person signs in. Neither the address nor the hash is shown by `Debug`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// Address to sign in with, in lower case; unique.
    pub login: String,
    /// PHC string of argon2id.
    pub hash: String,
    /// False until whoever signed up has shown that they read the mail of that address: then it lets in.
    pub is_open: bool,
    /// When it was set last.
    pub changed_at: DateTimeUtc,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Password")
            .field("user_id", &self.user_id)
            .field("is_open", &self.is_open)
            .finish_non_exhaustive()
    }
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The password that belongs to an address, whoever's it is: this is how a person is found who signs in.
    pub fn find_by_login(login: &str) -> Select<Self> {
        Self::find().filter(Column::Login.eq(login))
    }
}
