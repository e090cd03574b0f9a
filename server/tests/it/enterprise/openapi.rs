//! The OpenAPI description, read by somebody else's validator.

use domain::db::Kind;
use millwright::enterprise::registry::Endpoints;
use roas::v3_1::spec::Spec;
use roas::validation::{Options, Validate};

use super::support::TestApi;

#[tokio::test]
async fn the_description_is_valid_openapi_3_1_and_names_every_endpoint() {
    let api = TestApi::new(Kind::Sqlite).await;
    let document = api.get("/openapi/enterprise.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    for endpoint in Endpoints::new().iter() {
        let method = endpoint.method.as_str().to_ascii_lowercase();
        assert!(document["paths"][endpoint.path][method].is_object(), "{}", endpoint.name());
    }
    crate::openapi::every_reference_leads_somewhere(&document, &document);
    let spec: Spec = serde_json::from_value(document).expect("an OpenAPI 3.1 document");
    let options = Options::IgnoreMissingTags | Options::IgnoreUnusedSchemas;
    spec.validate(options, None).expect("valid");
}
