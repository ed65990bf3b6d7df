//! Keys and people, against an issuer of our own that does as it is told.

mod issuer;
mod keys;
mod people;
mod public;
mod sign_in;
