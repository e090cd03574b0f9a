//! Use cases of the two models.
