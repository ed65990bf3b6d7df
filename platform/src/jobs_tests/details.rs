//! What owners say of jobs, and that the score of a model that is older than the column is found.

use sea_orm::PaginatorTrait;

use super::*;

/// The change of the schema that gives jobs their scores.
const ORGANISATION: &str = "m20261125_000010_organisation";

#[tokio::test]
async fn jobs_from_before_get_the_scores_of_their_models() {
    let home = home().await;
    let connection = home.platform.database.connection();
    let mut ids = Vec::new();
    for score in [serde_json::json!(0.75), serde_json::Value::Null] {
        let dataset = home.dataset().await;
        let row = jobs::create(&home.platform, home.new_job(dataset.id))
            .await
            .unwrap();
        let model = home.model(&row).await;
        let mut change = model.into_active_model();
        change.evaluation = Set(serde_json::json!({ "metric": "roc_auc", "score": score }));
        change.update(connection).await.unwrap();
        ids.push(row.id);
    }
    let changes = migration::Migrator::migrations();
    let at = changes
        .iter()
        .position(|change| change.name() == ORGANISATION)
        .unwrap();
    let back = u32::try_from(changes.len() - at).unwrap();
    migration::Migrator::down(connection, Some(back)).await.unwrap();
    migration::Migrator::up(connection, None).await.unwrap();
    assert_eq!(home.job(ids[0]).await.score, Some(0.75));
    assert_eq!(home.job(ids[1]).await.score, None);
}

#[tokio::test]
async fn tags_go_with_their_job() {
    let home = home().await;
    let connection = home.platform.database.connection();
    let dataset = home.dataset().await;
    let row = jobs::create(&home.platform, home.new_job(dataset.id))
        .await
        .unwrap();
    let words = ["a".to_owned(), "ß".to_owned()];
    let tagged = jobs::tag(&home.platform, row.id, &words, &[]).await.unwrap();
    assert_eq!(tagged.version, row.version + 1);
    let again = jobs::tag(&home.platform, row.id, &words, &words[..1])
        .await
        .unwrap();
    assert_eq!(again.version, tagged.version + 1);
    let tags = entities::job_tag::Entity::find();
    assert_eq!(
        tags.clone().count(connection).await.unwrap(),
        2,
        "given and taken at once is given"
    );
    let many: Vec<String> = (0..9).map(|number| number.to_string()).collect();
    let refused = jobs::tag(&home.platform, row.id, &many, &[]).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    jobs::cancel(&home.platform, row.id).await.unwrap();
    jobs::delete(&home.platform, row.id).await.unwrap();
    assert_eq!(tags.count(connection).await.unwrap(), 0);
    let gone = jobs::rename(&home.platform, row.id, "x".to_owned()).await;
    assert!(matches!(gone, Err(Error::Gone)), "{gone:?}");
}
