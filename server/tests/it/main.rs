//! The APIs as a client sees them: one binary that walks every endpoint.

mod access;
mod calendar;
mod catalogue;
mod contract;
mod enterprise;
mod gateway;
mod hooks;
mod log;
mod masterdata;
mod modelling;
mod oee;
mod openapi;
mod quality;
mod replies;
mod server_functions;
mod support;
