//! All endpoints of the industry API. One line registers one: its parameter and reply types follow from the service.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::time::Duration;

use axum::http::Method;
use domain::access::Access;
use domain::{Ctx, Error, Result};
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::quirks::{QUIRKS, Quirks};
use crate::operation::{Operation, Service, generator};

/// One endpoint.
pub struct Endpoint {
    /// Its path, the name it goes by.
    pub path: &'static str,
    /// The documented method. POST is taken by all.
    pub method: Method,
    /// The documented version.
    pub version: &'static str,
    /// What it does, in a line.
    pub title: &'static str,
    /// The documented time for an answer.
    pub deadline: Duration,
    /// Whether it changes anything.
    pub access: Access,
    /// Platform parameters that must be given.
    pub required_identity: &'static [&'static str],
    /// Whether `data` is a String that holds JSON.
    pub json_string: bool,
    /// What the document says of it besides.
    pub quirks: &'static Quirks,
    operation: Operation,
}

impl Deref for Endpoint {
    type Target = Operation;

    fn deref(&self) -> &Operation {
        &self.operation
    }
}

impl Endpoint {
    /// Marks an endpoint that changes something.
    pub fn write(&mut self) -> &mut Self {
        self.access = Access::Write;
        self
    }

    /// Marks an endpoint whose `data` is a String that holds JSON.
    pub fn json_string(&mut self) -> &mut Self {
        self.json_string = true;
        self
    }

    /// Platform parameters that the document requires here, such as `appId`.
    pub fn require_identity(&mut self, names: &'static [&'static str]) -> &mut Self {
        self.required_identity = names;
        self
    }

    /// Refuses a call without the platform parameters that the document requires here.
    pub fn check_identity(&self, params: &Map<String, Value>) -> Result<()> {
        let missing = |name: &&&str| match params.get(**name) {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        };
        self.required_identity.iter().find(missing).map_or(Ok(()), |name| Err(Error::missing(*name)))
    }

    /// Reads parameters as the declared types.
    pub fn read(&self, mut params: Map<String, Value>) -> Result<Value> {
        self.quirks.read(&mut params);
        self.shape.read("", Value::Object(params))
    }

    /// Runs the service on parameters that were read, and writes its reply as the document shows it.
    pub async fn run(&self, ctx: &Ctx, params: Value) -> Result<Value> {
        let mut data = self.operation.run(ctx, params).await?;
        self.quirks.write(&mut data);
        if self.json_string && !data.is_null() {
            data = Value::String(data.to_string());
        }
        Ok(data)
    }
}

/// Where the areas register their endpoints.
pub struct Registry {
    endpoints: BTreeMap<&'static str, Endpoint>,
    generator: SchemaGenerator,
}

impl Registry {
    fn new() -> Self {
        Self { endpoints: BTreeMap::new(), generator: generator() }
    }

    /// Registers an endpoint that is called with POST. It reads; say `.write()` if it does not only that.
    ///
    /// # Panics
    /// When the path is taken: the program does not start then.
    pub fn post<P, R, F>(
        &mut self,
        path: &'static str,
        version: &'static str,
        title: &'static str,
        timeout_ms: u64,
        service: F,
    ) -> &mut Endpoint
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        R: Serialize + JsonSchema + Send + 'static,
        F: for<'a> Service<'a, P, Reply = R> + Copy + Send + Sync + 'static,
    {
        let endpoint = Endpoint {
            path,
            method: Method::POST,
            version,
            title,
            deadline: Duration::from_millis(timeout_ms),
            access: Access::Read,
            required_identity: &[],
            json_string: false,
            quirks: QUIRKS.of(path),
            operation: Operation::of(&mut self.generator, service),
        };
        assert!(!self.endpoints.contains_key(path), "{path} is registered twice");
        self.endpoints.entry(path).or_insert(endpoint)
    }

    /// Registers an endpoint that is called with GET: parameters in the query or in a JSON body.
    ///
    /// # Panics
    /// When the path is taken.
    pub fn get<P, R, F>(
        &mut self,
        path: &'static str,
        version: &'static str,
        title: &'static str,
        timeout_ms: u64,
        service: F,
    ) -> &mut Endpoint
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        R: Serialize + JsonSchema + Send + 'static,
        F: for<'a> Service<'a, P, Reply = R> + Copy + Send + Sync + 'static,
    {
        let endpoint = self.post(path, version, title, timeout_ms, service);
        endpoint.method = Method::GET;
        endpoint
    }
}

/// All endpoints there are, by path.
pub struct Endpoints {
    by_path: BTreeMap<&'static str, Endpoint>,
    definitions: Map<String, Value>,
}

impl Endpoints {
    /// The endpoints of all areas.
    pub fn new() -> Self {
        let mut registry = Registry::new();
        super::routes::register(&mut registry);
        let definitions = registry.generator.take_definitions(true);
        Self { by_path: registry.endpoints, definitions }
    }

    /// The endpoint at a path.
    pub fn find(&self, path: &str) -> Option<&Endpoint> {
        self.by_path.get(path)
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Endpoint> {
        self.by_path.values()
    }

    /// Schemas that several endpoints refer to.
    pub fn definitions(&self) -> &Map<String, Value> {
        &self.definitions
    }
}

impl Default for Endpoints {
    fn default() -> Self {
        Self::new()
    }
}
