//! What every mutation answers with: the object, or what the user can mend; and the root, to read on in the same request.

use async_graphql::{ComplexObject, SimpleObject};

use super::user_error::UserErrorCode;

/// Something the user can mend.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct UserError {
    /// Name of a [`UserErrorCode`], for example `NOT_FOUND`.
    #[graphql(skip)]
    pub code: String,
    /// For people: what is wrong and what to do.
    pub message: String,
    /// Path of the input field that is wrong; null when it is not about one field.
    pub field: Option<Vec<String>>,
}

#[ComplexObject]
impl UserError {
    /// For programs. Tolerate values that you do not know: later versions have more.
    async fn code(&self) -> UserErrorCode {
        UserErrorCode::named(&self.code)
    }
}

impl UserError {
    /// An error of one input field.
    pub fn of(field: &str, code: &str, message: impl Into<String>) -> Self {
        let field = Some(vec!["input".to_owned(), field.to_owned()]);
        Self {
            code: code.to_owned(),
            message: message.into(),
            field,
        }
    }

    /// An object that does not exist for the viewer.
    pub fn not_found(field: &str, what: &str) -> Self {
        Self::of(
            field,
            "NOT_FOUND",
            format!("There is no such {what}, or it is not yours."),
        )
    }
}

/// Declares the payload of one mutation: its name, and the name and type of its object.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $object:ty }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $(#[$field_doc])*
            pub $field: Option<$object>,
            /// What the user can mend; empty on success.
            pub user_errors: Vec<$crate::graphql::payload::UserError>,
            /// The root, to read on.
            pub query: $crate::graphql::schema::Query,
        }

        impl From<Result<$object, Vec<$crate::graphql::payload::UserError>>> for $name {
            fn from(outcome: Result<$object, Vec<$crate::graphql::payload::UserError>>) -> Self {
                let query = $crate::graphql::schema::Query::default();
                match outcome {
                    Ok(object) => Self { $field: Some(object), user_errors: Vec::new(), query },
                    Err(user_errors) => Self { $field: None, user_errors, query },
                }
            }
        }
    };
}
pub(crate) use payload;
