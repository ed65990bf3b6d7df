//! Database schema changes, one file a change, for SQLite and Postgres alike. A change that has shipped is never edited.

use sea_orm_migration::prelude::*;

mod m20261123_000001_first_tables;
mod m20261124_000001_pool;
mod m20261124_000002_direct_uploads;
mod m20261124_000003_mail;
mod m20261124_000004_job_operations;
mod m20261124_000005_task_version;
mod m20261124_000006_user_turns;
mod m20261124_000007_trial_device;
mod m20261125_000001_roles;
mod m20261125_000002_accounts;
mod m20261125_000003_mail_subjects;
mod m20261125_000004_issuers;
mod m20261125_000008_webhooks;
mod m20261125_000010_organisation;
mod m20261125_000011_registry;
mod m20261125_000012_batch_predictions;
mod m20261125_000020_row_security;
mod m20261126_000001_audit;
mod m20261126_000002_administration;
mod m20261130_000001_traceparent;

pub mod row_security;

/// Runs the changes in order.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_first_tables::Migration),
            Box::new(m20261124_000001_pool::Migration),
            Box::new(m20261124_000002_direct_uploads::Migration),
            Box::new(m20261124_000003_mail::Migration),
            Box::new(m20261124_000004_job_operations::Migration),
            Box::new(m20261124_000005_task_version::Migration),
            Box::new(m20261124_000006_user_turns::Migration),
            Box::new(m20261124_000007_trial_device::Migration),
            Box::new(m20261125_000001_roles::Migration),
            Box::new(m20261125_000002_accounts::Migration),
            Box::new(m20261125_000003_mail_subjects::Migration),
            Box::new(m20261125_000004_issuers::Migration),
            Box::new(m20261125_000008_webhooks::Migration),
            Box::new(m20261125_000010_organisation::Migration),
            Box::new(m20261125_000011_registry::Migration),
            Box::new(m20261125_000012_batch_predictions::Migration),
            Box::new(m20261125_000020_row_security::Migration),
            Box::new(m20261126_000001_audit::Migration),
            Box::new(m20261126_000002_administration::Migration),
            Box::new(m20261130_000001_traceparent::Migration),
        ]
    }
}

/// Name of a change that this program does not know, if the database has one: a newer program made it.
///
/// # Errors
/// When the database refuses.
pub async fn newer(database: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    Migrator::install(database).await?;
    let own = Migrator::migrations();
    for done in Migrator::get_migration_models(database).await? {
        if own.iter().all(|change| change.name() != done.version) {
            return Ok(Some(done.version));
        }
    }
    Ok(None)
}

pub use sea_orm_migration::MigratorTrait;
pub use sea_orm_migration::prelude::DbErr;
