//! Sends log records to the host, to the module's own file and to the cluster log. The options that
//! every module has decide where each record goes.

mod capture;
mod forward;
mod policy;
mod text;

pub(crate) use capture::Logging;
pub(crate) use forward::Forwarding;
pub(crate) use policy::{LogPolicy, options};
