//! Log records travel to the host, to the module's own file and to the cluster log, as the options
//! that every module has say.

mod capture;
mod forward;
mod text;
mod wishes;

pub(crate) use capture::Logging;
pub(crate) use forward::Forwarding;
pub(crate) use wishes::{Wishes, options};
