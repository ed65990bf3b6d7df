//! What every state machine of this crate must hold, for its tests.

use std::fmt::Debug;

use sea_orm::Iterable;

/// Only terminal states are final.
///
/// # Panics
/// Naming the state where that does not hold.
pub fn check_ends<State, Event>(
    after: impl Fn(State, Event) -> Option<State>,
    is_terminal: impl Fn(State) -> bool,
) where
    State: Iterable + Copy + Debug,
    Event: Iterable,
{
    for state in State::iter() {
        let can_move = Event::iter().any(|event| after(state, event).is_some());
        assert_eq!(can_move, !is_terminal(state), "{state:?}");
    }
}

/// Every state can be reached from the first one.
///
/// # Panics
/// Naming the states that are.
pub fn check_reached<State, Event>(first: State, after: impl Fn(State, Event) -> Option<State>)
where
    State: Iterable + Copy + PartialEq + Debug,
    Event: Iterable,
{
    let mut reached = vec![first];
    let mut next = 0;
    while next < reached.len() {
        let from = reached[next];
        for state in Event::iter().filter_map(|event| after(from, event)) {
            if !reached.contains(&state) {
                reached.push(state);
            }
        }
        next += 1;
    }
    assert_eq!(reached.len(), State::iter().count(), "{reached:?}");
}
