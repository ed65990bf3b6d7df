//! Rebuilds the crate when the web app has been built anew: a release build embeds its files.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::path::Path::new("../web/dist").exists() {
        println!("cargo::rerun-if-changed=../web/dist");
    }
}
