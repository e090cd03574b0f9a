//! All endpoints of the Enterprise API. One line registers one: its parameter and reply types follow from the service.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::LazyLock;

use axum::http::Method;
use domain::access::Access;
use domain::{Ctx, Result};
use percent_encoding::percent_decode_str;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::industry::quirks::{AllQuirks, Quirks};
use crate::operation::{Operation, Service, generator};

/// Where the document contradicts itself, by method and path; read here and by the contract test.
pub static QUIRKS: LazyLock<AllQuirks> =
    LazyLock::new(|| serde_json::from_str(include_str!("aliases.json")).expect("a unit test reads it"));

/// How a caller proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: token …`: the enterprise, for one product.
    Token,
    /// `X-Gizwits-Enterprise-ID` and `X-Gizwits-Enterprise-Secret`.
    Headers,
    /// `enterprise_id` and `enterprise_secret` in the body.
    Body,
}

/// One endpoint.
pub struct Endpoint {
    /// The documented method.
    pub method: Method,
    /// Its path, with `{name}` for parameters in it.
    pub path: &'static str,
    /// What it does, in a line.
    pub title: &'static str,
    /// How a caller proves who it is.
    pub auth: Auth,
    /// Whether it changes anything.
    pub access: Access,
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
    /// Marks an endpoint that is called with the enterprise's headers instead of a token.
    pub fn headers(&mut self) -> &mut Self {
        self.auth = Auth::Headers;
        self
    }

    /// Marks an endpoint whose body carries the credentials.
    pub fn credentials(&mut self) -> &mut Self {
        self.auth = Auth::Body;
        self
    }

    /// Method and path: the name it goes by.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Names of the parameters in the path.
    pub fn path_params(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(placeholder)
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
        // Without a reply there is an empty object: clients only look whether there is an error code.
        Ok(if data.is_null() { Value::Object(Map::new()) } else { data })
    }

    /// What the path says for the parameters in it, if it is this one's.
    fn matches(&self, path: &str) -> Option<Map<String, Value>> {
        let mut params = Map::new();
        let mut given = path.split('/');
        for expected in self.path.split('/') {
            let part = given.next()?;
            match placeholder(expected) {
                Some(name) => {
                    let value =
                        percent_decode_str(part).decode_utf8().ok().filter(|value| !value.is_empty())?;
                    params.insert(name.into(), Value::String(value.into_owned()));
                }
                None if part == expected => {}
                None => return None,
            }
        }
        given.next().is_none().then_some(params)
    }
}

/// The name in `{name}`.
fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Where the areas register their endpoints.
pub struct Registry {
    endpoints: BTreeMap<(&'static str, &'static str), Endpoint>,
    generator: SchemaGenerator,
}

impl Registry {
    fn add<P, R, F>(
        &mut self,
        (method, verb): (Method, &'static str),
        path: &'static str,
        title: &'static str,
        service: F,
    ) -> &mut Endpoint
    where
        P: DeserializeOwned + JsonSchema + Send + 'static,
        R: Serialize + JsonSchema + Send + 'static,
        F: for<'a> Service<'a, P, Reply = R> + Copy + Send + Sync + 'static,
    {
        let endpoint = Endpoint {
            access: if method == Method::GET { Access::Read } else { Access::Write },
            quirks: QUIRKS.of(&format!("{method} {path}")),
            operation: Operation::of(&mut self.generator, service),
            auth: Auth::Token,
            method,
            path,
            title,
        };
        let name = (path, verb);
        assert!(!self.endpoints.contains_key(&name), "{verb} {path} is registered twice");
        self.endpoints.entry(name).or_insert(endpoint)
    }
}

macro_rules! methods {
    ($($name:ident $method:ident $text:literal;)+) => {
        impl Registry {
            $(
                #[doc = concat!("Registers an endpoint that is called with ", $text, " and a token.")]
                ///
                /// # Panics
                /// When method and path are taken: the program does not start then.
                pub fn $name<P, R, F>(&mut self, path: &'static str, title: &'static str, service: F) -> &mut Endpoint
                where
                    P: DeserializeOwned + JsonSchema + Send + 'static,
                    R: Serialize + JsonSchema + Send + 'static,
                    F: for<'a> Service<'a, P, Reply = R> + Copy + Send + Sync + 'static,
                {
                    self.add((Method::$method, $text), path, title, service)
                }
            )+
        }
    };
}

methods! {
    get GET "GET";
    post POST "POST";
    put PUT "PUT";
    delete DELETE "DELETE";
}

/// All endpoints there are.
pub struct Endpoints {
    all: Vec<Endpoint>,
    definitions: Map<String, Value>,
}

/// What is at a method and a path.
pub enum Found<'a> {
    /// An endpoint, with the parameters in the path.
    Endpoint(&'a Endpoint, Map<String, Value>),
    /// Endpoints, but with other methods: these.
    OtherMethod(String),
    /// Nothing.
    Nothing,
}

impl Endpoints {
    /// The endpoints of all areas.
    pub fn new() -> Self {
        let mut registry = Registry { endpoints: BTreeMap::new(), generator: generator() };
        super::routes::register(&mut registry);
        let definitions = registry.generator.take_definitions(true);
        Self { all: registry.endpoints.into_values().collect(), definitions }
    }

    /// What is at this method and path. A path that is spelled out wins over one with parameters.
    pub fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let path = path.strip_suffix('/').unwrap_or(path);
        let mut here: Vec<_> = self.all.iter().filter_map(|e| Some((e, e.matches(path)?))).collect();
        here.sort_by_key(|(_, params)| params.len());
        if let Some(at) = here.iter().position(|(endpoint, _)| endpoint.method == *method) {
            let (endpoint, params) = here.swap_remove(at);
            return Found::Endpoint(endpoint, params);
        }
        let methods: Vec<_> = here.iter().map(|(endpoint, _)| endpoint.method.as_str()).collect();
        if methods.is_empty() { Found::Nothing } else { Found::OtherMethod(methods.join(", ")) }
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Endpoint> {
        self.all.iter()
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
