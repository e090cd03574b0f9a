//! Production reports and quality controls: calls that succeed.

use crate::support::Recorder;

pub async fn scenario(_recorder: &mut Recorder<'_>) {}
