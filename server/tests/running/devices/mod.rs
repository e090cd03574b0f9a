//! Devices against the running server, on both databases: what firmware does, what it should not do, and what happens
//! when connections, devices or the server break.

mod client;
mod doors;
mod encrypted;
mod firmware;
mod mosquitto;
mod network;
mod outside;
mod paho;
mod plant;
mod restarts;
mod sessions;
mod several;
mod simulated;
