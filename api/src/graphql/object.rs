//! How the fields of our objects are resolved.
//!
//! The executor gives every field a future of its own on the heap and a place in a set of futures that wake each other, which is
//! what a field that reads the database needs. Most fields are a column of a row that is there already: they are done when they are
//! asked for the first time. [`resolve`] asks each field once where it stands, in one place for all of them, and only those
//! that wait go into such a set. The answer has its fields in the order of the document, whichever was ready first.

use std::pin::Pin;
use std::task::Poll;

use async_graphql::indexmap::IndexMap;
use async_graphql::indexmap::map::Entry;
use async_graphql::parser::types::{Field, Selection};
use async_graphql::registry::{MetaType, MetaTypeId, Registry};
use async_graphql::resolver_utils::{ContainerType, resolve_container};
use async_graphql::{
    CacheControl, ComplexObject, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value,
};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;

/// Makes an object of the schema of a type whose fields are written as an `impl` under `#[ComplexObject]`. What is said of the
/// type is its description.
macro_rules! object {
    ($(#[doc = $words:literal])+ $object:ident) => {
        impl async_graphql::resolver_utils::ContainerType for $object {
            async fn resolve_field(
                &self,
                context: &async_graphql::Context<'_>,
            ) -> async_graphql::ServerResult<Option<async_graphql::Value>> {
                async_graphql::ComplexObject::resolve_field(self, context).await
            }
        }

        impl async_graphql::OutputType for $object {
            fn type_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($object))
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                let words = [$($words.trim()),+].join("\n");
                $crate::graphql::object::register::<Self>(registry, &words)
            }

            async fn resolve(
                &self,
                context: &async_graphql::ContextSelectionSet<'_>,
                _field: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                $crate::graphql::object::resolve(context, self).await
            }
        }

        impl async_graphql::ObjectType for $object {}
    };
}
pub(crate) use object;

/// Enters an object into the schema.
pub fn register<T: OutputType + ComplexObject>(registry: &mut Registry, description: &str) -> String {
    registry.create_output_type::<T, _>(MetaTypeId::Object, |registry| MetaType::Object {
        name: T::type_name().into_owned(),
        description: Some(description.to_owned()),
        fields: T::fields(registry).into_iter().collect(),
        cache_control: CacheControl::default(),
        extends: false,
        shareable: false,
        resolvable: true,
        keys: None,
        visible: None,
        inaccessible: false,
        interface_object: false,
        tags: Vec::new(),
        is_subscription: false,
        rust_typename: Some(std::any::type_name::<T>()),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    })
}

/// The fields of an object that are selected. Boxed, for objects have each other in their fields.
///
/// # Errors
/// None of a field: those are noted in the context, and the field is missing.
pub fn resolve<'a, T: ContainerType>(
    context: &'a ContextSelectionSet<'a>,
    object: &'a T,
) -> BoxFuture<'a, ServerResult<Value>> {
    Box::pin(async move {
        match plain(context) {
            Some(fields) => Ok(each(context, object, &fields).await),
            None => resolve_container(context, object).await,
        }
    })
}

async fn each<'a, T: ContainerType>(
    context: &ContextSelectionSet<'a>,
    object: &'a T,
    fields: &[&'a Positioned<Field>],
) -> Value {
    let mut values: Vec<Option<Value>> = Vec::with_capacity(fields.len());
    let mut waiting = FuturesUnordered::new();
    let mut place = None;
    for (number, field) in fields.iter().enumerate() {
        let mut asked = place.take().unwrap_or_else(|| Box::pin(None));
        asked.as_mut().set(Some(one(context.clone(), object, field)));
        match ask(asked.as_mut()).await {
            Poll::Ready(done) => {
                values.push(noted(context, done));
                place = Some(asked);
            }
            Poll::Pending => {
                values.push(None);
                waiting.push(async move { (number, finish(asked).await) });
            }
        }
    }
    while let Some((number, done)) = waiting.next().await {
        values[number] = noted(context, done);
    }
    in_order(fields, values)
}

/// The fields, where there is nothing but fields: no fragments, and no directives beside those that are gone by now.
fn plain<'a>(context: &ContextSelectionSet<'a>) -> Option<Vec<&'a Positioned<Field>>> {
    let items = &context.item.node.items;
    let field = |selection: &'a Positioned<Selection>| match &selection.node {
        Selection::Field(field) if field.node.directives.is_empty() => Some(field),
        _ => None,
    };
    items.iter().map(field).collect()
}

/// One field. All fields of an object are futures of one type, so that they can follow each other in one place.
async fn one<'a, T: ContainerType>(
    context: ContextSelectionSet<'a>,
    object: &'a T,
    field: &'a Positioned<Field>,
) -> ServerResult<Value> {
    if field.node.name.node == "__typename" {
        return Ok(Value::String(object.introspection_type_name().into_owned()));
    }
    let context = context.with_field(field);
    Ok(object.resolve_field(&context).await?.unwrap_or_default())
}

/// Asks once whether a future is done.
async fn ask<F: Future>(mut future: Pin<&mut Option<F>>) -> Poll<F::Output> {
    std::future::poll_fn(|context| {
        let asked = future.as_mut().as_pin_mut().map(|future| future.poll(context));
        Poll::Ready(asked.unwrap_or(Poll::Pending))
    })
    .await
}

/// Waits for a future that was asked before.
async fn finish<F: Future>(mut future: Pin<Box<Option<F>>>) -> F::Output {
    std::future::poll_fn(|context| match future.as_mut().as_pin_mut() {
        Some(future) => future.poll(context),
        None => Poll::Pending,
    })
    .await
}

fn noted(context: &ContextSelectionSet<'_>, done: ServerResult<Value>) -> Option<Value> {
    done.map_err(|error| context.add_error(error)).ok()
}

/// An object of the values that are there; null where none is.
fn in_order(fields: &[&Positioned<Field>], values: Vec<Option<Value>>) -> Value {
    let mut object = IndexMap::with_capacity(values.len());
    for (field, value) in fields.iter().zip(values) {
        if let Some(value) = value {
            insert(&mut object, field.node.response_key().node.clone(), value);
        }
    }
    match object.is_empty() {
        true => Value::Null,
        false => Value::Object(object),
    }
}

/// A field that is selected twice has what either of the selections asks for.
fn insert(object: &mut IndexMap<Name, Value>, name: Name, value: Value) {
    match object.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(value);
        }
        Entry::Occupied(mut entry) => merge(entry.get_mut(), value),
    }
}

fn merge(present: &mut Value, other: Value) {
    match (present, other) {
        (Value::Object(present), Value::Object(other)) => {
            for (name, value) in other {
                insert(present, name, value);
            }
        }
        (Value::List(present), Value::List(other)) => {
            for (present, other) in present.iter_mut().zip(other) {
                merge(present, other);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Error, Object, Schema};

    use super::*;

    #[derive(Clone)]
    struct Leaf(i32);

    object! {
        /// A small thing.
        ///
        /// Of two paragraphs.
        Leaf
    }

    #[ComplexObject]
    impl Leaf {
        async fn number(&self) -> i32 {
            self.0
        }

        async fn text(&self) -> String {
            self.0.to_string()
        }

        /// Waits for others first.
        async fn slow(&self) -> i32 {
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            self.0
        }

        async fn wrong(&self) -> Result<Option<i32>, Error> {
            tokio::task::yield_now().await;
            Err(Error::new("no"))
        }

        async fn next(&self, #[graphql(default = 1)] by: i32) -> Option<Leaf> {
            tokio::task::yield_now().await;
            Some(Leaf(self.0 + by))
        }

        async fn several(&self) -> Vec<Leaf> {
            vec![self.clone(), Leaf(self.0 + 1)]
        }
    }

    struct Query;

    #[Object]
    impl Query {
        async fn leaf(&self) -> Leaf {
            Leaf(1)
        }
    }

    async fn answer(document: &str) -> (String, usize) {
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
        let response = schema.execute(document).await;
        let data = serde_json::to_string(&response.data).expect("JSON");
        (data, response.errors.len())
    }

    #[tokio::test]
    async fn fields_have_the_order_of_the_document_whichever_is_ready_first() {
        let document = "{ leaf { slow next { text slow __typename number } number again: number several { next { number } text } } }";
        let expected = r#"{"leaf":{"slow":1,"next":{"text":"2","slow":2,"__typename":"Leaf","number":2},"number":1,"again":1,"several":[{"next":{"number":2},"text":"1"},{"next":{"number":3},"text":"2"}]}}"#;
        assert_eq!(answer(document).await, (expected.to_owned(), 0));
    }

    #[tokio::test]
    async fn a_field_that_is_selected_twice_is_there_once() {
        let document = "{ leaf { next(by: 2) { text } several { text } number next(by: 2) { number next { text } } several { number } number next(by: 2) { next { number } } } }";
        let expected = r#"{"leaf":{"next":{"text":"3","number":3,"next":{"text":"4","number":4}},"several":[{"text":"1","number":1},{"text":"2","number":2}],"number":1}}"#;
        assert_eq!(answer(document).await, (expected.to_owned(), 0));
    }

    #[tokio::test]
    async fn fragments_and_conditions_go_the_way_of_the_executor() {
        let document = "query Q { leaf { ...F ... on Leaf { text } number @include(if: true) slow @skip(if: true) } } fragment F on Leaf { next { number } }";
        let (data, errors) = answer(document).await;
        let data: serde_json::Value = serde_json::from_str(&data).expect("JSON");
        let expected = serde_json::json!({ "leaf": { "next": { "number": 2 }, "text": "1", "number": 1 } });
        assert_eq!((data, errors), (expected, 0));
    }

    #[tokio::test]
    async fn a_field_that_fails_is_an_error_with_its_path_and_keeps_no_other() {
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
        let response = schema
            .execute("{ leaf { wrong next { number wrong } number } }")
            .await;
        let data = serde_json::to_string(&response.data).expect("JSON");
        assert_eq!(data, r#"{"leaf":{"next":{"number":2},"number":1}}"#);
        let paths: Vec<String> = response
            .errors
            .iter()
            .map(|error| format!("{:?}", error.path))
            .collect();
        assert_eq!(
            paths,
            [
                r#"[Field("leaf"), Field("wrong")]"#,
                r#"[Field("leaf"), Field("next"), Field("wrong")]"#
            ]
        );
        let nothing = schema.execute("{ leaf { wrong } }").await;
        assert_eq!(nothing.data, async_graphql::value!({ "leaf": null }));
    }

    #[test]
    fn the_schema_has_what_is_said_of_it() {
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription).sdl();
        assert!(
            schema.contains("\"\"\"\nA small thing.\n\nOf two paragraphs.\n\"\"\"\ntype Leaf {"),
            "{schema}"
        );
    }
}
