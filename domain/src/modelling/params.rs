//! Parameters of the modelling services.
