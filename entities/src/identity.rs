//! Who an issuer of tokens says somebody is, and whose account that is here.

use sea_orm::entity::prelude::*;

/// A person as an issuer knows them.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose account it is.
    pub user_id: Uuid,
    /// The issuer.
    pub issuer: String,
    /// Its name for the person; unique with the issuer.
    pub subject: String,
    /// When the person came first.
    pub created_at: DateTimeUtc,
    /// When the newest of their tokens was issued. What an older one says of their groups no longer counts.
    pub token_issued_at: DateTimeUtc,
}

/// Without the subject, which may be a name or an address: it stays out of logs.
impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Identity")
            .field("id", &self.id)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The identity of a verified token, whoever's it is: this is how its person is found.
    pub fn find_by_subject(issuer: &str, subject: &str) -> Select<Self> {
        Self::find()
            .filter(Column::Issuer.eq(issuer))
            .filter(Column::Subject.eq(subject))
    }
}
