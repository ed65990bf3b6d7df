//! Signing keys: made once, shared, replaced, forgotten.

use super::super::keys::{self, PUBLISHED, ROTATED};
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_make_one_key() {
    let home = home().await;
    let loads = (0..4).map(|_| keys::load(&home.platform, start()));
    let all = futures_util::future::join_all(loads).await;
    let first = all[0].as_ref().unwrap();
    assert_eq!(first.len(), 1);
    for loaded in &all {
        assert_eq!(loaded.as_ref().unwrap(), first);
    }
}

#[tokio::test]
async fn a_new_key_takes_over_and_the_old_one_goes_when_its_tokens_have() {
    let home = home().await;
    let load = async |now| keys::load(&home.platform, now).await.unwrap();
    let old = load(start()).await[0].clone();
    let due = start() + ROTATED;
    assert_eq!(load(due - seconds(1)).await, std::slice::from_ref(&old));
    let both = load(due).await;
    assert_eq!(both.len(), 2);
    let new = both[0].clone();
    assert_eq!(keys::signing(&both, due), Some(&old));
    let takes_over = due + PUBLISHED;
    assert_eq!(keys::signing(&both, takes_over), Some(&new));
    // The last token of the old key was made just before.
    let last_expires = takes_over + sessions::ACCESS_LIFE;
    assert_eq!(load(last_expires + seconds(60)).await, both);
    assert_eq!(load(last_expires + seconds(180)).await, [new]);
}

#[tokio::test]
async fn a_key_is_shown_by_its_public_part_only() {
    let home = home().await;
    let key = keys::load(&home.platform, start()).await.unwrap()[0].clone();
    let public = key.public();
    assert_eq!(public["kty"], "EC");
    assert_eq!(public["kid"], key.id);
    assert!(public.get("d").is_none());
    assert_eq!(format!("{key:?}"), format!("KeyPair({})", key.id));
}
