mod bindings;
mod details;
mod groups;
mod measure;
mod members;
mod overview;
mod people;
mod plant;
mod reports;
mod rules;
mod user_reports;

use crate::{Code, Error};

/// Which code a refusal has.
fn code<T: std::fmt::Debug>(answer: Result<T, Error>) -> Code {
    match answer.expect_err("a refusal") {
        Error::Coded(code, _) => code,
        other => panic!("no code: {other:?}"),
    }
}

/// Which parameter a refusal names.
fn param<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer.expect_err("a refusal") {
        Error::Invalid { param, .. } => param,
        other => panic!("not a refused parameter: {other:?}"),
    }
}
