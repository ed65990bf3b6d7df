//! Whatever is done to the text of a good token, it is good no more.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static SIGNERS: LazyLock<Vec<Signer>> =
    LazyLock::new(|| vec![Signer::rsa("k", "RS256"), Signer::p256("k"), Signer::ed25519("k")]);
static TOKENS: LazyLock<Vec<String>> = LazyLock::new(|| {
    SIGNERS
        .iter()
        .map(|signer| signer.token(&generic_claims()))
        .collect()
});

/// What is done to a token's text, at a place.
#[derive(Clone, Debug)]
enum Change {
    Replace(usize, u8),
    Insert(usize, u8),
    Remove(usize),
    Cut(usize),
    Swap(usize, usize),
    /// The end of another good token, of another key.
    Graft(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let letter = || prop_oneof![Just(b'.'), Just(b'='), Just(b'-'), Just(b'_'), b'0'..=b'z'];
    prop_oneof![
        (any::<usize>(), letter()).prop_map(|(place, letter)| Change::Replace(place, letter)),
        (any::<usize>(), letter()).prop_map(|(place, letter)| Change::Insert(place, letter)),
        any::<usize>().prop_map(Change::Remove),
        any::<usize>().prop_map(Change::Cut),
        (any::<usize>(), any::<usize>()).prop_map(|(one, other)| Change::Swap(one, other)),
        (any::<usize>(), any::<usize>()).prop_map(|(place, other)| Change::Graft(place, other)),
    ]
}

fn apply(token: &mut Vec<u8>, change: &Change) {
    if token.is_empty() {
        return;
    }
    let length = token.len();
    match *change {
        Change::Replace(place, letter) => token[place % length] = letter,
        Change::Insert(place, letter) => token.insert(place % (length + 1), letter),
        Change::Remove(place) => drop(token.remove(place % length)),
        Change::Cut(place) => token.truncate(place % length),
        Change::Swap(one, other) => token.swap(one % length, other % length),
        Change::Graft(place, other) => {
            let other = TOKENS[other % TOKENS.len()].as_bytes();
            let place = place % length.min(other.len());
            token.truncate(place);
            token.extend_from_slice(&other[place..]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_a_good_token_is_good(which in 0..3_usize, changes in prop::collection::vec(change(), 0..4)) {
        let mut bytes = TOKENS[which].clone().into_bytes();
        for change in &changes {
            apply(&mut bytes, change);
        }
        let text = String::from_utf8(bytes).unwrap();
        let verified = verify(&text, &SIGNERS[which].key(), &generic(), at(0));
        prop_assert_eq!(verified.is_ok(), text == TOKENS[which], "{}", text);
    }
}
