//! A network and a server that fail in the middle of a stream.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::Duration;

use super::plant::{Plant, on_both};
use super::simulated::Simulation;

/// Everything passes.
const OPEN: u8 = 0;
/// What devices say arrives, what the server answers does not.
const DEAF: u8 = 1;
/// Nothing arrives, and nobody is told.
const SWALLOW: u8 = 2;
/// Connections are cut, and no new ones are made.
const CUT: u8 = 3;

/// A network between devices and server.
struct Network {
    address: String,
    state: Arc<AtomicU8>,
    server: Arc<Mutex<String>>,
}

impl Network {
    fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let state = Arc::new(AtomicU8::new(OPEN));
        let server = Arc::new(Mutex::new(server));
        let network = Self { address, state: Arc::clone(&state), server: Arc::clone(&server) };
        spawn(move || {
            for device in listener.incoming().flatten() {
                let to = server.lock().expect("no panic").clone();
                let passed =
                    if state.load(Ordering::SeqCst) == CUT { None } else { TcpStream::connect(to).ok() };
                let Some(server) = passed else { continue };
                for (from, to, up) in [
                    (device.try_clone(), server.try_clone(), true),
                    (server.try_clone(), device.try_clone(), false),
                ] {
                    let state = Arc::clone(&state);
                    let (from, to) = (from.expect("a handle"), to.expect("a handle"));
                    spawn(move || pass(from, to, up, &state));
                }
            }
        });
        network
    }

    fn be(&self, state: u8, millis: u64) {
        self.state.store(state, Ordering::SeqCst);
        sleep(Duration::from_millis(millis));
    }
}

/// Passes bytes on in one direction, until the end of the connection.
fn pass(mut from: TcpStream, mut to: TcpStream, up: bool, state: &AtomicU8) {
    from.set_read_timeout(Some(Duration::from_millis(20))).expect("a timeout");
    let mut bytes = [0; 4096];
    loop {
        let read = from.read(&mut bytes);
        let passes = match state.load(Ordering::SeqCst) {
            OPEN => true,
            DEAF => up,
            SWALLOW => false,
            _ => break,
        };
        let went = match read {
            Ok(0) => break,
            Ok(count) if passes => to.write_all(&bytes[..count]),
            Ok(_) => Ok(()),
            Err(error)
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) =>
            {
                Ok(())
            }
            Err(_) => break,
        };
        if went.is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn begin(plant: &Plant, network: &Network, folder: &std::path::Path, form: &str) -> Simulation {
    let options =
        ["--devices", "20", "--rate", "200", "--form", form, "--drops", "0", "--mqtt", &network.address];
    let simulation = Simulation::begin(plant, folder, &options);
    sleep(Duration::from_secs(2));
    simulation
}

fn survives_a_network(plant: &Plant, form: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let network = Network::to(plant.mqtt());
    let mut simulation = begin(plant, &network, folder.path(), form);
    // The server has what the devices do not know it has.
    network.be(DEAF, 800);
    network.be(CUT, 300);
    network.be(OPEN, 1500);
    // Some of it never came.
    network.be(SWALLOW, 800);
    network.be(CUT, 300);
    network.be(OPEN, 1500);
    network.be(CUT, 100);
    network.be(OPEN, 1500);
    simulation.stop();
    let counts = simulation.end();
    assert!(counts["redelivered"] > 40 && counts["connections lost"] >= 40, "{counts:?}");
    simulation.compare(plant, &counts);
}

on_both! {
    fn a_cut_network_loses_no_binary_message_and_doubles_none(plant) {
        survives_a_network(&plant, "binary");
    }

    fn a_cut_network_loses_no_json_message_and_doubles_none(plant) {
        survives_a_network(&plant, "json");
    }

    fn a_killed_server_loses_no_message_and_doubles_none(plant) {
        let folder = tempfile::tempdir().expect("a folder");
        let network = Network::to(plant.mqtt());
        let mut simulation = begin(&plant, &network, folder.path(), "binary");
        for deaf in [false, true] {
            if deaf {
                network.be(DEAF, 500);
            }
            plant.take_server().kill();
            network.be(CUT, 100);
            plant.start();
            *network.server.lock().expect("no panic") = plant.mqtt();
            network.be(OPEN, 2000);
        }
        simulation.stop();
        let counts = simulation.end();
        assert!(counts["redelivered"] > 20 && counts["connections lost"] >= 40, "{counts:?}");
        simulation.compare(&plant, &counts);
    }
}
