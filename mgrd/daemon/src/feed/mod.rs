//! Feeds: who knows the cluster tells `mgrd`, over a connection or from a recording, and runs the
//! commands meant for the cluster itself.

mod command;
mod connection;
mod feeds;
mod limits;
mod recorded_state;
mod recording;
mod replay;

pub use command::{ClusterCommand, ClusterCommandError, PendingCommand};
pub use connection::FeedHandle;
pub use feeds::{Connection, FeedError, FeedStatus, Feeds, Hello};
pub use limits::Limits;
pub use recording::RecordingError;
pub use replay::{Pace, Replay};
