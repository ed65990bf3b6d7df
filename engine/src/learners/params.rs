//! Hyperparameters from a map into a learner's own checked struct: every value in range, no name left over.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::{ParamValue, Params};
use crate::error::Error;

/// Takes parameters out of a map one by one; `finish` refuses what nobody asked for.
pub struct Reader<'a> {
    params: &'a Params,
    known: BTreeSet<&'static str>,
}

impl<'a> Reader<'a> {
    /// Starts reading.
    pub fn new(params: &'a Params) -> Self {
        Self {
            params,
            known: BTreeSet::new(),
        }
    }

    /// A number in a range; whole numbers count.
    ///
    /// # Errors
    /// `Input` when it is something else or out of range.
    pub fn float(
        &mut self,
        name: &'static str,
        default: f64,
        range: RangeInclusive<f64>,
    ) -> Result<f64, Error> {
        let value = match self.take(name) {
            None => return Ok(default),
            Some(ParamValue::Float(value)) => *value,
            Some(ParamValue::Int(value)) => *value as f64,
            Some(other) => return Err(wrong(name, other, "a number")),
        };
        if range.contains(&value) {
            Ok(value)
        } else {
            Err(Error::Input(format!(
                "the parameter `{name}` is {value}; it must be from {} to {}",
                range.start(),
                range.end()
            )))
        }
    }

    /// A whole number in a range.
    ///
    /// # Errors
    /// `Input` when it is something else or out of range.
    pub fn int(
        &mut self,
        name: &'static str,
        default: usize,
        range: RangeInclusive<usize>,
    ) -> Result<usize, Error> {
        let value = match self.take(name) {
            None => return Ok(default),
            Some(ParamValue::Int(value)) => *value,
            Some(other) => return Err(wrong(name, other, "a whole number")),
        };
        usize::try_from(value)
            .ok()
            .filter(|value| range.contains(value))
            .ok_or_else(|| {
                Error::Input(format!(
                    "the parameter `{name}` is {value}; it must be from {} to {}",
                    range.start(),
                    range.end()
                ))
            })
    }

    /// A switch.
    ///
    /// # Errors
    /// `Input` when it is something else.
    pub fn flag(&mut self, name: &'static str, default: bool) -> Result<bool, Error> {
        match self.take(name) {
            None => Ok(default),
            Some(ParamValue::Flag(value)) => Ok(*value),
            Some(other) => Err(wrong(name, other, "true or false")),
        }
    }

    /// One of the named choices; the first of them by default.
    ///
    /// # Errors
    /// `Input` when it is something else.
    pub fn choice<T: Copy>(&mut self, name: &'static str, choices: &[(&str, T)]) -> Result<T, Error> {
        let value = self.take(name);
        let found = match value {
            None => choices.first(),
            Some(ParamValue::Text(text)) => choices.iter().find(|(choice, _)| choice == text),
            Some(_) => None,
        };
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
            let wanted = format!("one of {}", names.join(", "));
            value.map_or_else(
                || Error::Internal(format!("`{name}` has no choices")),
                |value| wrong(name, value, &wanted),
            )
        })
    }

    /// Ends reading.
    ///
    /// # Errors
    /// `Input` naming the first parameter that the learner does not have.
    pub fn finish(self) -> Result<(), Error> {
        match self
            .params
            .keys()
            .find(|name| !self.known.contains(name.as_str()))
        {
            None => Ok(()),
            Some(name) => {
                let known: Vec<&str> = self.known.iter().copied().collect();
                let known = if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                };
                Err(Error::Input(format!(
                    "there is no parameter `{name}`; the learner has: {known}"
                )))
            }
        }
    }

    fn take(&mut self, name: &'static str) -> Option<&'a ParamValue> {
        self.known.insert(name);
        self.params.get(name)
    }
}

fn wrong(name: &str, value: &ParamValue, wanted: &str) -> Error {
    Error::Input(format!(
        "the parameter `{name}` is {value:?}; it must be {wanted}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(name: &str, value: ParamValue) -> Params {
        Params::from([(name.to_owned(), value)])
    }

    #[test]
    fn values_are_checked() {
        let read = |value| {
            Reader::new(&params("x", value))
                .float("x", 0.5, 0.0..=1.0)
                .map_err(|error| error.to_string())
        };
        assert_eq!(read(ParamValue::Float(0.25)), Ok(0.25));
        assert_eq!(read(ParamValue::Int(1)), Ok(1.0));
        assert!(read(ParamValue::Float(2.0)).is_err());
        assert!(read(ParamValue::Float(f64::NAN)).is_err());
        assert!(read(ParamValue::Text("x".into())).is_err());
        assert!(
            Reader::new(&params("n", ParamValue::Int(-1)))
                .int("n", 3, 1..=9)
                .is_err()
        );
        assert_eq!(Reader::new(&Params::new()).int("n", 3, 1..=9).ok(), Some(3));
    }

    #[test]
    fn choices_are_named() {
        let choices = [("one", 1), ("two", 2)];
        let read = |map: &Params| Reader::new(map).choice("x", &choices).ok();
        assert_eq!(read(&Params::new()), Some(1));
        assert_eq!(read(&params("x", ParamValue::Text("two".into()))), Some(2));
        assert_eq!(read(&params("x", ParamValue::Text("three".into()))), None);
        assert_eq!(read(&params("x", ParamValue::Int(1))), None);
    }

    #[test]
    fn unknown_names_are_refused() {
        let map = params("typo", ParamValue::Flag(true));
        let mut reader = Reader::new(&map);
        assert_eq!(reader.flag("on", true).ok(), Some(true));
        assert!(
            reader
                .finish()
                .is_err_and(|error| error.to_string().contains("typo"))
        );
    }
}
