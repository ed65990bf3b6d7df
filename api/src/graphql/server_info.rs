//! What this server is and offers.

use async_graphql::{ComplexObject, Context, Object, SimpleObject};

use super::identity_provider::IdentityProvider;
use super::long::Long;
use super::queue::QueuePause;
use crate::failure::Failure;
use crate::state::AppState;

/// What this server is and offers.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ServerInfo {
    /// Version of the program.
    pub version: String,
    /// Tasks that run at the same time.
    pub worker_slots: i32,
    /// The onnxruntime that checks exported models; null: ONNX files are withheld.
    pub onnx_runtime: Option<String>,
    /// Largest file that can be uploaded.
    pub upload_limit_bytes: Long,
    /// Datasets to try it with.
    pub samples: Vec<SampleDataset>,
}

#[ComplexObject]
impl ServerInfo {
    /// What of the queue administrators have paused, and why (at most a few): tasks of it wait until they resume it.
    async fn queue_pauses(&self, context: &Context<'_>) -> Result<Option<Vec<QueuePause>>, Failure> {
        let database = &context.data_unchecked::<AppState>().platform.database;
        let pauses = platform::tasks::pauses(database.connection()).await?;
        Ok(Some(pauses.into_iter().map(QueuePause::from).collect()))
    }

    /// Where people sign in who have no account of this server's own (at most nine). `GET /v1/identity` says the same to those who
    /// have not signed in yet.
    async fn identity_providers(&self, context: &Context<'_>) -> Vec<IdentityProvider> {
        let issuers = &context.data_unchecked::<AppState>().issuers;
        let facts = issuers.sign_in_facts(platform::database::now()).await;
        facts.into_iter().map(IdentityProvider::from).collect()
    }
}

/// A dataset that comes with the server.
#[derive(SimpleObject)]
pub struct SampleDataset {
    /// For `createSampleDataset`.
    pub key: String,
    /// Name.
    pub title: String,
    /// What it is and where it is from.
    pub description: String,
    /// A column worth predicting.
    pub target: String,
    /// Rows.
    pub rows: i32,
}

/// A sample as it is built in.
pub struct Sample {
    /// For `createSampleDataset`.
    pub key: &'static str,
    /// Name.
    pub title: &'static str,
    /// What it is and where it is from.
    pub description: &'static str,
    /// A column worth predicting.
    pub target: &'static str,
    /// Rows.
    pub rows: i32,
    /// Name of the file.
    pub file_name: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

const PENGUINS: &[u8] = include_bytes!("../../samples/penguins.csv");

/// The samples. A new one is a file beside and a line here.
pub const SAMPLES: &[Sample] = &[
    Sample {
        key: "penguins",
        title: "Penguin species",
        description: "Which of three species is it? Measurements of 344 penguins near Palmer Station, Antarctica \
                      (Gorman, Williams and Fraser 2014; CC0).",
        target: "species",
        rows: 344,
        file_name: "penguins.csv",
        bytes: PENGUINS,
    },
    Sample {
        key: "penguin-mass",
        title: "Penguin body mass",
        description: "How heavy is it, in grams? The same 344 penguins (Gorman, Williams and Fraser 2014; CC0).",
        target: "body_mass_g",
        rows: 344,
        file_name: "penguins.csv",
        bytes: PENGUINS,
    },
];

/// The sample of that key.
pub fn sample(key: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.key == key)
}

/// About this server.
#[derive(Default)]
pub struct ServerInfoQuery;

#[Object]
impl ServerInfoQuery {
    /// What this server is and offers.
    async fn server_info(&self, context: &Context<'_>) -> Result<Option<ServerInfo>, Failure> {
        let settings = &context.data_unchecked::<AppState>().platform.settings;
        let runtime = settings.onnxruntime.as_ref().and_then(|path| path.file_name());
        let mut samples = Vec::with_capacity(SAMPLES.len());
        for sample in SAMPLES {
            samples.push(SampleDataset {
                key: sample.key.to_owned(),
                title: sample.title.to_owned(),
                description: sample.description.to_owned(),
                target: sample.target.to_owned(),
                rows: sample.rows,
            });
        }
        Ok(Some(ServerInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            worker_slots: i32::try_from(settings.slots).unwrap_or(i32::MAX),
            onnx_runtime: runtime.map(|name| name.to_string_lossy().into_owned()),
            upload_limit_bytes: Long(i64::try_from(settings.upload_limit_bytes).unwrap_or(i64::MAX)),
            samples,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_what_they_say() {
        for sample in SAMPLES {
            let text = std::str::from_utf8(sample.bytes).expect("UTF-8");
            let mut lines = text.lines();
            let header = lines.next().expect("a header");
            assert!(
                header.split(',').any(|column| column == sample.target),
                "{}",
                sample.key
            );
            assert_eq!(lines.count(), sample.rows as usize, "{}", sample.key);
        }
    }
}
