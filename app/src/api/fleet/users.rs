//! The people who use devices, and the applications they use them with.

use domain::fleet::view::{App, BindingInfo, ProductName, UserDetail, UserInfo};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, StreamingText, TextStream};
use serde::{Deserialize, Serialize};

use super::reports::{Period, PlaceRow, ReportFrame, Span};
use super::results::Results;
use crate::api::{Answer, Data, Error, Result};

#[cfg(feature = "ssr")]
use super::server::users as server;

/// People on a page.
pub const PAGE: i64 = 50;

/// What to show, as the address has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserQuery {
    /// Which part: empty for the list, `apps`, `reports`.
    pub tab: String,
    /// Text in user name, name, phone number, e-mail address or uid.
    pub text: String,
    /// Application.
    pub app: String,
    /// Page, from 1.
    pub page: String,
    /// The person to show in full, by their uid.
    pub user: String,
    /// Id of the product of the reports.
    pub product: String,
    /// `date`, `week` or `month`.
    pub cycle: String,
    /// A date in the first period.
    pub start: String,
    /// A date in the last period.
    pub end: String,
}

/// What the forms of the page need. It is read apart from what is shown, so that nobody's typing is taken away when others
/// change something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserFrame {
    /// The applications.
    pub apps: Vec<App>,
    /// The products to choose of, and the periods of reports.
    pub report: ReportFrame,
    /// The person that is shown.
    pub user: Option<UserInfo>,
    /// Whether anything may be changed.
    pub writable: bool,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPage {
    /// The applications, each with when it was made.
    pub apps: Vec<(String, App)>,
    /// Whether the person may change anything.
    pub writable: bool,
    /// What is shown.
    pub view: UserView,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserView {
    /// A page of people, each with when they registered.
    People(PeopleView),
    /// One of them: when they registered, and their devices with when each came and went.
    One(Box<PersonView>),
    /// The applications.
    Apps,
    /// Use and growth.
    Reports(Box<UserReports>),
}

/// A page of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleView {
    /// How many match.
    pub total: i64,
    /// Page, from 1.
    pub page: i64,
    /// They, each with when they registered.
    pub people: Vec<(String, UserInfo)>,
}

/// A person in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// They.
    pub user: UserDetail,
    /// When they registered.
    pub made: String,
    /// Their devices, with when each was bound and unbound.
    pub bindings: Vec<(BindingInfo, String, Option<String>)>,
}

/// Reports over people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserReports {
    /// The chosen product.
    pub product: Option<ProductName>,
    /// The periods shown.
    pub span: Span,
    /// People who ever used a device of it.
    pub total: i64,
    /// New people by period; `active` is not counted.
    pub new: Vec<Period>,
    /// People by each day on which they used a device; `new` is not counted.
    pub active: Vec<Period>,
    /// Where they are.
    pub places: Vec<PlaceRow<i64>>,
}

/// What the forms of the page need.
#[server(input = GetUrl, output = Data, endpoint = "fleet/users/frame")]
pub async fn get_user_frame(query: UserQuery) -> Result<Answer<UserFrame>> {
    Answer::of(crate::ssr::respond(server::frame(&crate::ssr::ctx()?, &query).await))
}

/// The people who use devices.
#[server(input = GetUrl, output = Data, endpoint = "fleet/users")]
pub async fn get_device_users(query: UserQuery) -> Result<Answer<UserPage>> {
    Answer::of(crate::ssr::respond(server::page(&crate::ssr::ctx()?, &query).await))
}

/// The people that a filter leaves, as CSV. Phone numbers and e-mail addresses in full for those who may change them.
#[server(input = GetUrl, output = StreamingText, endpoint = "fleet/users.csv")]
pub async fn download_device_users(query: UserQuery) -> Result<TextStream<Error>> {
    let (name, head, rows) = crate::ssr::respond(server::file(&crate::ssr::ctx()?, &query).await)?;
    Ok(crate::api::csv::file(name, head, rows))
}

/// Makes an application.
#[server(endpoint = "fleet/app/create")]
pub async fn create_app(name: String, appid: String) -> Result<()> {
    use domain::fleet::params::CreateApp;
    let params = CreateApp { name, appid: Some(appid) };
    crate::ssr::respond(domain::fleet::service::create_app(&crate::ssr::ctx()?, params).await)?;
    leptos_axum::redirect("/devices/users?tab=apps");
    Ok(())
}

/// The fields of the form for a person, by the names of the Enterprise API.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserForm {
    /// Application.
    pub appid: String,
    /// Id; a new one, when it is empty.
    pub uid: String,
    /// User name.
    pub username: String,
    /// Name.
    pub name: String,
    /// Phone number.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Country.
    pub country: String,
    /// Region of it.
    pub region: String,
    /// City of that.
    pub city: String,
    /// Remark.
    pub remark: String,
}

/// Registers a person, and goes to them.
#[server(endpoint = "fleet/user/create")]
pub async fn create_user(#[server(flatten)] form: UserForm) -> Result<()> {
    let to = crate::ssr::respond(server::create(&crate::ssr::ctx()?, form).await)?;
    leptos_axum::redirect(&to);
    Ok(())
}

/// Registers the people of a table.
#[server(output = Data, endpoint = "fleet/user/import")]
pub async fn import_users(appid: String, csv: String, back: String) -> Result<Answer<Results>> {
    let results = crate::ssr::respond(server::import(&crate::ssr::ctx()?, (appid, csv)).await)?;
    super::server::show(&back, &results);
    Answer::of(Ok(results))
}

/// Binds the devices of a pasted list of device ids to a person.
#[server(output = Data, endpoint = "fleet/user/bind")]
pub async fn bind_devices(
    product_key: String,
    appid: String,
    uid: String,
    dids: String,
    back: String,
) -> Result<Answer<Results>> {
    let given = (product_key, appid, uid, dids);
    let results = crate::ssr::respond(server::bind(&crate::ssr::ctx()?, given).await)?;
    super::server::show(&back, &results);
    Answer::of(Ok(results))
}

/// Ends the use of a device by a person.
#[server(endpoint = "fleet/user/unbind")]
pub async fn unbind_device(
    product_key: String,
    appid: String,
    uid: String,
    did: String,
    back: String,
) -> Result<()> {
    use domain::fleet::dids::Dids;
    use domain::fleet::params::BindDevices;
    let params = BindDevices { product_key, uid, appid, dids: Dids(vec![did]) };
    crate::ssr::respond(domain::fleet::service::unbind_devices(&crate::ssr::ctx()?, params).await)?;
    leptos_axum::redirect(crate::ssr::session::safe_path(Some(&back)));
    Ok(())
}
