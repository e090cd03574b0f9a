//! The industry API as a client sees it: one binary that walks every endpoint.

mod access;
mod calendar;
mod catalogue;
mod contract;
mod gateway;
mod log;
mod masterdata;
mod modelling;
mod oee;
mod openapi;
mod quality;
mod replies;
mod server_functions;
mod support;
