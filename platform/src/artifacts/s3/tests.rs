//! The store against a server that checks signatures, with its faults.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::Utc;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::server::{Server, post, put};
use crate::Error;
use crate::artifacts::direct::Transfer;
use crate::artifacts::{Artifacts, DirectUploads, Key, Shown, dataset_prefix, job_prefix};

/// Bytes without a pattern that a wrong order could hide in.
fn bytes(size: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_u32;
    let mut bytes = Vec::with_capacity(size);
    for _ in 0..size {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.push((state >> 24) as u8);
    }
    bytes
}

#[tokio::test]
async fn stores_reads_copies_and_removes() {
    let server = Server::start().await;
    let store = server.bucket().await;
    let (job, task) = (Uuid::now_v7(), Uuid::now_v7());
    let key = Key::of_job(job, task, 1, "a.txt");
    assert!(matches!(store.get(&key).await, Err(Error::NoArtifact(_))));
    assert!(matches!(store.open(&key).await, Err(Error::NoArtifact(_))));
    let stored = store.put_bytes(&key, b"abc".to_vec()).await.unwrap();
    assert_eq!(
        (stored.size_bytes, stored.sha256.as_str()),
        (
            3,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    );
    assert_eq!(store.get(&key).await.unwrap(), b"abc");
    let empty = Key::of_job(job, task, 1, "empty");
    store.put_bytes(&empty, Vec::new()).await.unwrap();
    assert_eq!(store.get(&empty).await.unwrap(), b"");
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("copy");
    store.copy_to(&key, &copy).await.unwrap();
    assert_eq!(std::fs::read(&copy).unwrap(), b"abc");
    assert_eq!(
        store.put_file(&Key::source(job), &copy).await.unwrap().sha256,
        stored.sha256
    );
    // Another job, whose id begins alike, keeps its files.
    let other = Key::of_job(Uuid::now_v7(), task, 1, "a.txt");
    store.put_bytes(&other, b"x".to_vec()).await.unwrap();
    store.remove_prefix(&job_prefix(job)).await.unwrap();
    store.remove_prefix(&job_prefix(job)).await.unwrap();
    assert!(matches!(store.get(&key).await, Err(Error::NoArtifact(_))));
    assert_eq!(store.get(&other).await.unwrap(), b"x");
    assert_eq!(store.get(&Key::source(job)).await.unwrap(), b"abc");
    assert!(store.remove_prefix("../x").await.is_err());
}

#[tokio::test]
async fn large_files_go_in_parts_and_broken_bodies_are_taken_up_again() {
    let server = Server::start().await;
    let store = server.bucket().await;
    let home = tempfile::tempdir().unwrap();
    let (source, copy) = (home.path().join("source"), home.path().join("copy"));
    let content = bytes((20 << 20) + 17);
    std::fs::write(&source, &content).unwrap();
    let key = Key::source(Uuid::now_v7());
    let stored = store.put_file(&key, &source).await.unwrap();
    assert_eq!(stored.size_bytes, content.len() as u64);
    assert_eq!(server.parts(), 0);
    assert!(std::fs::read(server.file(&key)).unwrap() == content);
    server.faults.after.store(3_000_000, Ordering::SeqCst);
    server.faults.cuts.store(3, Ordering::SeqCst);
    store.copy_to(&key, &copy).await.unwrap();
    assert!(std::fs::read(&copy).unwrap() == content);
    assert_eq!(server.faults.cuts.load(Ordering::SeqCst), 0);
    // A bucket that is busy is asked again.
    server.faults.refusals.store(2, Ordering::SeqCst);
    let mut reader = store.open(&key).await.unwrap();
    assert_eq!(reader.size_bytes, content.len() as u64);
    let mut read = Vec::new();
    reader.bytes.read_to_end(&mut read).await.unwrap();
    assert!(read == content);
}

#[tokio::test]
async fn what_was_not_stored_does_not_pass() {
    let server = Server::start().await;
    let store = server.bucket().await;
    let home = tempfile::tempdir().unwrap();
    let key = Key::of_job(Uuid::now_v7(), Uuid::now_v7(), 1, "model.automl");
    let content = bytes(300_000);
    store.put_bytes(&key, content.clone()).await.unwrap();
    let mut changed = content.clone();
    changed[150_000] ^= 1;
    let mut longer = content.clone();
    longer.push(0);
    for damaged in [changed, content[..299_999].to_vec(), longer, Vec::new()] {
        std::fs::write(server.file(&key), &damaged).unwrap();
        assert!(matches!(store.get(&key).await, Err(Error::Corrupt(_))));
        let copy = home.path().join("copy");
        assert!(matches!(store.copy_to(&key, &copy).await, Err(Error::Corrupt(_))));
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
        let mut reader = store.open(&key).await.unwrap();
        let mut read = Vec::new();
        let outcome = reader.bytes.read_to_end(&mut read).await;
        assert!(outcome.is_err(), "{} bytes passed", read.len());
    }
    // A body that always breaks off is given up, in bounded time.
    std::fs::write(server.file(&key), &content).unwrap();
    server.faults.cuts.store(u32::MAX, Ordering::SeqCst);
    server.faults.after.store(1000, Ordering::SeqCst);
    let broken = store.get(&key).await.unwrap_err();
    assert!(matches!(broken, Error::Store(_)), "{broken}");
}

#[tokio::test]
async fn what_was_damaged_on_its_way_is_fetched_again() {
    let server = Server::start().await;
    let store = server.bucket().await;
    let home = tempfile::tempdir().unwrap();
    let key = Key::of_job(Uuid::now_v7(), Uuid::now_v7(), 1, "model.automl");
    let content = bytes(1000);
    store.put_bytes(&key, content.clone()).await.unwrap();
    server.faults.flips.store(1, Ordering::SeqCst);
    assert!(store.get(&key).await.unwrap() == content);
    server.faults.flips.store(1, Ordering::SeqCst);
    let copy = home.path().join("copy");
    store.copy_to(&key, &copy).await.unwrap();
    assert!(std::fs::read(&copy).unwrap() == content);
    server.faults.flips.store(2, Ordering::SeqCst);
    assert!(matches!(store.get(&key).await, Err(Error::Corrupt(_))));
}

#[tokio::test]
async fn a_link_shows_its_file_only_and_untouched() {
    let server = Server::start().await;
    let store = server.bucket().await;
    let (key, other) = (Key::source(Uuid::now_v7()), Key::source(Uuid::now_v7()));
    store.put_bytes(&key, b"mine".to_vec()).await.unwrap();
    store.put_bytes(&other, b"theirs".to_vec()).await.unwrap();
    let shown = Shown {
        disposition: "attachment; filename=\"a.csv\"; filename*=UTF-8''a.csv",
        content_type: "text/csv; charset=utf-8",
        valid: Duration::from_secs(300),
    };
    let link = store.download_link(&key, &shown).await.unwrap().unwrap();
    let answer = reqwest::get(&link).await.unwrap();
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-disposition"), shown.disposition);
    assert_eq!(header("content-type"), shown.content_type);
    assert_eq!(header("cache-control"), "private, no-store");
    assert_eq!(answer.text().await.unwrap(), "mine");
    for tampered in [
        link.replace(key.as_str(), other.as_str()),
        link.replace("attachment", "inline"),
        link.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"),
        link.replace("text%2Fcsv", "text%2Fhtml"),
        link.split('?').next().unwrap().to_owned(),
    ] {
        assert_ne!(tampered, link);
        let status = reqwest::get(&tampered).await.unwrap().status().as_u16();
        assert!((400..404).contains(&status), "{status}");
    }
}

#[tokio::test]
async fn a_form_takes_what_was_announced_and_nothing_else() {
    let server = Server::start().await;
    let store = server.bucket().await;
    let (key, other) = (Key::source(Uuid::now_v7()), Key::source(Uuid::now_v7()));
    let valid = Duration::from_secs(900);
    let form = store.form(&key, 5, Utc::now(), valid).await.unwrap();
    for content in [&b"abcdef"[..], b"abcd", b""] {
        let status = post(&form.url, &form.fields, content).await;
        assert!((400..404).contains(&status), "{} bytes: {status}", content.len());
    }
    let changed = |name: &str, value: String| {
        let mut fields = form.fields.clone();
        fields.iter_mut().find(|field| field.0 == name).unwrap().1 = value;
        fields
    };
    let mut more = form.fields.clone();
    more.insert(0, ("acl".to_owned(), "public-read".to_owned()));
    let foreign = store.form(&other, 6, Utc::now(), valid).await.unwrap();
    let policy = foreign.fields.iter().find(|field| field.0 == "policy").unwrap();
    for fields in [
        changed("key", format!("automl/{other}")),
        changed("Content-Type", "text/html".to_owned()),
        changed("policy", policy.1.clone()),
        changed("x-amz-signature", "0".repeat(64)),
        more,
    ] {
        let status = post(&form.url, &fields, b"abcde").await;
        assert!((400..404).contains(&status), "{status}");
    }
    let past = Utc::now() - chrono::Duration::seconds(601);
    let late = store.form(&key, 5, past, Duration::from_secs(600)).await.unwrap();
    assert_eq!(post(&late.url, &late.fields, b"abcde").await, 403);
    assert_eq!(store.size(&key).await.unwrap(), None);
    assert_eq!(post(&form.url, &form.fields, b"abcde").await, 204);
    assert_eq!(store.get(&key).await.unwrap(), b"abcde");
    assert_eq!(store.size(&other).await.unwrap(), None);
}

#[tokio::test]
async fn a_link_to_a_part_takes_exactly_its_part() {
    let server = Server::start().await;
    let store = server.bucket().await;
    let dataset = Uuid::now_v7();
    let key = Key::source(dataset);
    let id = store.begin(&key).await.unwrap();
    let transfer = Transfer { key: &key, id: &id };
    let valid = Duration::from_secs(900);
    let (first, second) = (bytes(5 << 20), b"end".to_vec());
    let link = store.part_link(transfer, 1, 5 << 20, valid).await.unwrap();
    let bad = put(&link, first[1..].to_vec()).await;
    assert!((400..404).contains(&bad), "{bad}");
    let elsewhere = put(&link.replace("partNumber=1", "partNumber=2"), first.clone()).await;
    assert!((400..404).contains(&elsewhere), "{elsewhere}");
    assert_eq!(store.parts(transfer).await.unwrap(), vec![]);
    // In any order, and again.
    let last = store.part_link(transfer, 2, 3, valid).await.unwrap();
    for (link, content) in [(&last, &second), (&link, &first), (&last, &second)] {
        assert_eq!(put(link, content.clone()).await, 200);
    }
    let parts = store.parts(transfer).await.unwrap();
    let sizes: Vec<_> = parts.iter().map(|part| (part.number, part.size_bytes)).collect();
    assert_eq!(sizes, [(1, 5 << 20), (2, 3)]);
    store.finish(transfer, &parts).await.unwrap();
    assert_eq!(store.size(&key).await.unwrap(), Some((5 << 20) + 3));
    assert!(store.get(&key).await.unwrap().ends_with(b"end"));
    store.remove_prefix(&dataset_prefix(dataset)).await.unwrap();
    assert_eq!(store.size(&key).await.unwrap(), None);
}

#[tokio::test]
async fn errors_tell_no_secrets() {
    let server = Server::start().await;
    let store = server.bucket().await;
    server.faults.refusals.store(u32::MAX, Ordering::SeqCst);
    let error = store
        .size(&Key::source(Uuid::nil()))
        .await
        .unwrap_err()
        .to_string();
    assert!(!error.contains("AKID") && !error.contains("Signature"), "{error}");
    assert!(!format!("{store:?}").contains("AKID"));
}
