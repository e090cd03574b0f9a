mod oracles;
mod rules;

#[cfg(feature = "server")]
mod calls;
#[cfg(feature = "server")]
mod devices;
#[cfg(feature = "server")]
mod plant;
#[cfg(feature = "server")]
mod views;
