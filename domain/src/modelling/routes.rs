//! What the page of a process route shows.

use serde::{Deserialize, Serialize};

use super::Node;

/// An operation of a route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteOperation {
    /// The operation.
    pub operation: Node,
    /// Where it is done.
    pub centers: Vec<RouteCenter>,
    /// Its steps, in order.
    pub steps: Vec<RouteStep>,
}

/// A machining center at which an operation is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteCenter {
    /// The machining center.
    pub center: Node,
    /// Its equipment, by code.
    pub equipment: Vec<Node>,
}

/// A step of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteStep {
    /// The step.
    pub step: Node,
    /// Seconds a piece; none, when its attribute `idealCycleTime` is missing or no positive number.
    pub ideal_cycle_time: Option<f64>,
}
