//! The program that starts the services for people and scripts.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

#[test]
fn a_command_finds_the_services_and_its_code_is_passed_on() {
    let folder = tempfile::tempdir().expect("a folder");
    // Postgres runs as another account when root starts it.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711)).expect("a permission");
    let output = Command::new(env!("CARGO_BIN_EXE_dev-services"))
        .arg("--folder")
        .arg(folder.path().join("services"))
        .args([
            "--volatile",
            "--postgres-port",
            "0",
            "--redis-port",
            "0",
            "--s3-port",
            "0",
        ])
        .args([
            "--",
            "sh",
            "-c",
            "echo $AUTOML_DATABASE_URL $AUTOML_REDIS_URL $AUTOML_S3_ENDPOINT; exit 7",
        ])
        .output()
        .expect("it runs");
    let words = String::from_utf8_lossy(&output.stdout);
    let found: Vec<&str> = words.split_whitespace().collect();
    assert_eq!(
        output.status.code(),
        Some(7),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for (url, start) in found.iter().zip(["postgres://", "redis://", "http://"]) {
        assert!(url.starts_with(start), "{words}");
    }
    assert_eq!(found.len(), 3, "{words}");
}
