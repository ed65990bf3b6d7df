//! The committed contract is the schema that the program has.

use std::path::Path;

#[test]
fn the_committed_schema_is_the_program_s() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.graphql");
    let committed = std::fs::read_to_string(path).expect("schema.graphql is readable");
    assert!(
        committed == api::sdl(),
        "schema.graphql is not what the program has: run `make generate`"
    );
}
