//! Replies of the modelling services.
