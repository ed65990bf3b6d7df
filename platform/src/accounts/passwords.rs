//! Which passwords are let in, and how they are hashed: argon2id, two at a time, off the threads that answer.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::common_passwords::COMMON;
use crate::{Error, Secret};

/// Fewest characters.
pub const SHORTEST: usize = 12;
/// Most characters.
pub const LONGEST: usize = 128;
/// Fewest different characters.
const VARIETY: usize = 5;

/// Memory in KiB, passes and lanes: what OWASP asks of argon2id at least.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// Hashes at the same time: each takes the memory above and a core.
const AT_ONCE: usize = 2;
/// Callers that may wait for their turn; more are sent away.
const WAITING: usize = 32;

/// Takes the place of the hash of somebody who does not exist, so that finding that out takes as long. It is of no password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCE$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a password is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Fewer characters than [`SHORTEST`].
    #[error("The password needs {SHORTEST} characters at least. A few words in a row are easy to remember.")]
    Short,
    /// More than [`LONGEST`].
    #[error("The password may have {LONGEST} characters at most.")]
    Long,
    /// Everybody's first guess.
    #[error("This password is one that everybody tries first. Choose another one.")]
    Common,
    /// Little but the person's own name or address.
    #[error("The password must not be your name or your address.")]
    Personal,
}

/// Whether a person may take that password. What it is made of is theirs to choose.
///
/// # Errors
/// Why not.
pub fn check(password: &str, address: &str, name: &str) -> Result<(), Weak> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Weak::Short);
    }
    if length > LONGEST {
        return Err(Weak::Long);
    }
    let folded = password.to_lowercase();
    let mut different: Vec<char> = folded.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < VARIETY || COMMON.contains(&folded.as_str()) {
        return Err(Weak::Common);
    }
    let address = address.to_lowercase();
    let mailbox = address.split('@').next().unwrap_or_default();
    for own in [address.as_str(), mailbox, name.to_lowercase().trim()] {
        if is_mostly(&folded, own) {
            return Err(Weak::Personal);
        }
    }
    Ok(())
}

/// True when a text is that word with little around it.
fn is_mostly(text: &str, word: &str) -> bool {
    const LITTLE: usize = 4;
    const WORD: usize = 4;
    let (length, own) = (text.chars().count(), word.chars().count());
    own >= WORD && text.contains(word) && length - own <= LITTLE
}

/// A hash could not be made or checked.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Too many wait already: come back in a moment.
    #[error("too many passwords are being checked")]
    Busy,
    /// A fault of ours.
    #[error("a password could not be hashed: {0}")]
    Broken(String),
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Busy => Self::Busy,
            Refused::Broken(why) => Self::Conflict(why),
        }
    }
}

/// Makes and checks hashes. Cheap to clone: clones share the turns.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Passwords")
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(WAITING)),
        }
    }
}

impl Passwords {
    /// The PHC string of a password, with a salt of its own.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn hash(&self, password: &Secret) -> Result<String, Refused> {
        let password = password.clone();
        self.in_turn(move || {
            let hash = argon2()?.hash_password(password.expose().as_bytes());
            hash.map(|hash| hash.to_string())
                .map_err(|error| Refused::Broken(error.to_string()))
        })
        .await
    }

    /// Whether a password is the one of that hash. Without a hash it is not, and it takes as long.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn verify(&self, password: &Secret, hash: Option<&str>) -> Result<bool, Refused> {
        let password = password.clone();
        let is_somebody = hash.is_some();
        let hash = hash.unwrap_or(NOBODY).to_owned();
        self.in_turn(move || {
            let is_right = argon2()?
                .verify_password(password.expose().as_bytes(), hash.as_str())
                .is_ok();
            Ok(is_right && is_somebody)
        })
        .await
    }

    /// Runs it on a thread of its own when its turn comes. Once begun it keeps its turn, whether its caller still waits or not.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        let broken = |error: &dyn fmt::Display| Refused::Broken(error.to_string());
        let _place = self.places.try_acquire().map_err(|_| Refused::Busy)?;
        let turn = self.turns.clone().acquire_owned().await;
        let turn = turn.map_err(|error| broken(&error))?;
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        });
        done.await.map_err(|error| broken(&error))?
    }
}

fn argon2() -> Result<Argon2<'static>, Refused> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None);
    let params = params.map_err(|error| Refused::Broken(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn only_the_obviously_bad_is_refused() {
        let check = |password: &str| check(password, "ada.lovelace@example.com", "Ada Lovelace");
        for good in [
            "correct stork bakery",
            "            x1234", // Blanks count.
            "größere Äpfel",
            "ada.lovelace 1815-1852",
            &"ab1de".repeat(25),
            "日本語のパスワードは長い方",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("", Weak::Short),
            ("eleven char", Weak::Short),
            // Characters count, not bytes.
            ("äöüäöüäöüäö", Weak::Short),
            (&"ab1de".repeat(26), Weak::Long),
            ("aaaaaaaaaaaa", Weak::Common),
            ("abababababab", Weak::Common),
            ("Password1234", Weak::Common),
            ("CorrectHorseBatteryStaple", Weak::Common),
            ("ada.lovelace@example.com", Weak::Personal),
            ("ADA.LOVELACE@example.com1", Weak::Personal),
            ("Ada.Lovelace1", Weak::Personal),
            ("ada lovelace", Weak::Personal),
        ] {
            assert_eq!(check(bad), Err(why), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_hash_is_of_one_password() {
        let passwords = Passwords::default();
        let password = Secret::new("correct stork bakery");
        let hash = passwords.hash(&password).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash(&password).await.unwrap(), "one salt for two");
        assert!(passwords.verify(&password, Some(&hash)).await.unwrap());
        let other = Secret::new("correct stork baker");
        assert!(!passwords.verify(&other, Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&password, None).await.unwrap());
        assert!(!passwords.verify(&password, Some("nonsense")).await.unwrap());
    }

    /// A wrong answer about nobody must not be a quick one. The stand-in has the form and the cost of a real hash.
    #[test]
    fn nobody_s_hash_is_as_dear_as_any() {
        let parsed = argon2::password_hash::phc::PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&parsed).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), COST);
        assert_eq!(parsed.hash.unwrap().as_ref().len(), 32);
    }

    #[tokio::test]
    async fn a_crowd_is_sent_away() {
        let passwords = Passwords::default();
        let password = Secret::new("correct stork bakery");
        let crowd = (0..WAITING + 8).map(|_| passwords.verify(&password, None));
        let began = Instant::now();
        let answers = futures_util::future::join_all(crowd).await;
        let busy = answers
            .iter()
            .filter(|answer| matches!(answer, Err(Refused::Busy)))
            .count();
        assert_eq!(busy, 8);
        assert!(began.elapsed() < Duration::from_secs(120));
    }
}
