//! Feeds: programs that know the cluster. A feed sends the state of the cluster to `mgrd` and can run
//! commands on the cluster. A recording can be played as a feed.

mod command;
mod connection;
mod error;
mod feeds;
mod hello;
mod limits;
mod recorded_state;
mod recording;
mod registry;
mod replay;
mod shared;
mod status;
mod weight;

pub use command::{ClusterCommand, ClusterCommandError, PendingCommand};
pub use connection::{Connection, FeedHandle};
pub use error::FeedError;
pub use feeds::Feeds;
pub use hello::Hello;
pub use limits::Limits;
pub use recording::RecordingError;
pub use replay::{Pace, Replay};
pub use status::FeedStatus;
