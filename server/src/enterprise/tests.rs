use super::registry::{Endpoints, QUIRKS};

#[test]
fn the_list_of_contradictions_names_endpoints_that_are_there() {
    let endpoints = Endpoints::new();
    for name in QUIRKS.endpoints.keys() {
        assert!(endpoints.iter().any(|endpoint| endpoint.name() == *name), "{name}");
    }
}
