//! What a token may be used for.

use std::fmt;

/// One thing that a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Reading and watching.
    Read,
    /// Changing.
    Write,
    /// Predictions, and nothing else.
    Predict,
    /// Looking after the server, where the person may.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Predict, Self::Admin];

    /// As it is stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::Predict => "PREDICT",
            Self::Admin => "ADMIN",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

impl Scopes {
    /// All of them: a person who has signed in.
    pub fn all() -> Self {
        Self::of(&Scope::ALL)
    }

    /// These.
    pub fn of(scopes: &[Scope]) -> Self {
        let mut set = Self::default();
        for scope in scopes {
            set.0 |= scope.bit();
        }
        set
    }

    /// True when it has that one.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// In the order of [`Scope::ALL`].
    pub fn list(self) -> Vec<Scope> {
        let mut list = Vec::new();
        for scope in Scope::ALL {
            if self.has(scope) {
                list.push(scope);
            }
        }
        list
    }

    /// From the stored text. A name that this version does not know allows nothing.
    pub fn parse(text: &str) -> Self {
        let mut set = Self::default();
        for name in text.split(' ') {
            for scope in Scope::ALL {
                if scope.name() == name {
                    set.0 |= scope.bit();
                }
            }
        }
        set
    }
}

/// As it is stored: names with blanks between them.
impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.list().into_iter().map(Scope::name).collect();
        formatter.write_str(&names.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_stored_and_read() {
        for bits in 0..16 {
            let set = Scopes(bits);
            assert_eq!(Scopes::parse(&set.to_string()), set);
            assert_eq!(Scopes::of(&set.list()), set);
        }
        assert_eq!(Scopes::all().to_string(), "READ WRITE PREDICT ADMIN");
        assert_eq!(Scopes::parse("READ SOMETHING read"), Scopes::of(&[Scope::Read]));
        assert_eq!(Scopes::parse(""), Scopes::default());
    }
}
