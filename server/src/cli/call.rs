//! One signed call from the command line, and the description of the API.

use clap::Args;
use domain::time::{Clock, SystemClock};
use serde_json::{Value, json};

use super::{Failure, say};
use crate::industry::client::{self, Credentials};
use crate::{enterprise, industry};

#[derive(Args)]
pub(super) struct Call {
    /// Path of the endpoint, such as /industry/factorycalendar/shift/query
    path: String,
    /// Its parameters, a JSON object
    #[arg(default_value = "{}")]
    params: String,
    /// Address of the server
    #[arg(long, env = "MILLWRIGHT_SERVER", value_name = "URL", default_value = "http://127.0.0.1:3000")]
    server: String,
    /// AppKey to sign with
    #[arg(long, env = "MILLWRIGHT_APP_KEY", value_name = "KEY")]
    app_key: String,
    /// AppSecret to sign with
    #[arg(long, env = "MILLWRIGHT_APP_SECRET", value_name = "SECRET", hide_env_values = true)]
    app_secret: String,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum Api {
    /// The industry API
    Industry,
    /// The Enterprise API
    Enterprise,
}

/// Prints the answer; a refusal is a failure, too.
pub(super) async fn call(command: Call) -> Result<(), Failure> {
    let params: Value = serde_json::from_str(&command.params).map_err(|error| {
        Failure::new(format!("the parameters are no JSON ({error}); write them as '{{\"id\": 1}}'"))
    })?;
    if !params.is_object() {
        return Err(Failure::new("the parameters must be a JSON object, such as '{\"id\": 1}'"));
    }
    let credentials = Credentials { app_key: command.app_key, app_secret: command.app_secret };
    let (status, answer) =
        client::call(&command.server, &credentials, &command.path, &params, SystemClock.now()).await?;
    let Ok(answer) = serde_json::from_str::<Value>(&answer) else {
        return Err(Failure::new(format!(
            "the answer is no JSON (HTTP {status}); is --server the address of a Millwright server?"
        )));
    };
    say(&format!("{answer:#}"))?;
    if answer["code"] == json!(200) {
        return Ok(());
    }
    let message = answer["message"].as_str().unwrap_or("no reason was given");
    Err(Failure::new(format!("refused with code {}: {message}", answer["code"])))
}

/// Prints the `OpenAPI` description.
pub(super) fn describe(api: Api) -> Result<(), Failure> {
    let document = match api {
        Api::Industry => industry::openapi::document(&industry::registry::Endpoints::new()),
        Api::Enterprise => enterprise::openapi::document(&enterprise::registry::Endpoints::new()),
    };
    say(&format!("{document:#}"))
}
