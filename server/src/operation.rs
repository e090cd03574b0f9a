//! A service as an endpoint sees it, whatever the family: its types, how parameters are read, and how it runs.

use std::sync::Arc;

use domain::{Ctx, Error, Result, text};
use futures::FutureExt;
use futures::future::BoxFuture;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::industry::shape::Shape;

/// A plain service function `async fn(&Ctx, P) -> Result<R>`, whatever the lifetime of the context.
pub trait Service<'a, P>: Fn(&'a Ctx, P) -> Self::Answer {
    /// Its future.
    type Answer: Future<Output = Result<Self::Reply>> + Send + 'a;
    /// What it replies.
    type Reply;
}

impl<'a, F, P, A, R> Service<'a, P> for F
where
    F: Fn(&'a Ctx, P) -> A,
    A: Future<Output = Result<R>> + Send + 'a,
{
    type Answer = A;
    type Reply = R;
}

type Run = dyn for<'a> Fn(&'a Ctx, Value) -> BoxFuture<'a, Result<Value>> + Send + Sync;

/// A service with its types.
pub struct Operation {
    /// Schema of the parameters, and of the reply.
    pub schemas: (Schema, Schema),
    /// What the parameters are read as.
    pub shape: Arc<Shape>,
    run: Box<Run>,
}

impl Operation {
    /// The operation of a service; what its types share with others goes to the generator.
    pub fn of<P, R, F>(generator: &mut SchemaGenerator, service: F) -> Self
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        R: Serialize + JsonSchema + Send + 'static,
        F: for<'a> Service<'a, P, Reply = R> + Copy + Send + Sync + 'static,
    {
        let params = generator.subschema_for::<P>();
        let reply = generator.subschema_for::<R>();
        let shape = Shape::compile(&params, generator.definitions());
        let run: Box<Run> = Box::new(move |ctx, params| {
            async move {
                let params = serde_path_to_error::deserialize(params).map_err(unreadable)?;
                let reply = service(ctx, params).await?;
                serde_json::to_value(reply).map_err(Error::internal)
            }
            .boxed()
        });
        Self { schemas: (params, reply), shape: Arc::new(shape), run }
    }

    /// Runs the service on parameters that were read.
    pub async fn run(&self, ctx: &Ctx, params: Value) -> Result<Value> {
        (self.run)(ctx, params).await
    }
}

/// A generator of the schemas of one family, as its OpenAPI description holds them.
pub fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12();
    settings.with(|settings| settings.definitions_path = "/components/schemas".into()).into_generator()
}

/// What the shape let through and the type did not take: a number out of range, a word that is none of the known ones.
fn unreadable(error: serde_path_to_error::Error<serde_json::Error>) -> Error {
    let path = error.path().to_string();
    let reason = error.inner().to_string();
    Error::invalid(path, text!("cannot be read: {reason}", "无法识别：{reason}"))
}
