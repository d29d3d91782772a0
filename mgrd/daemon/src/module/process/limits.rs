//! What one process may take and write.

use std::time::Duration;

use crate::limits::limits;
use crate::seconds;

limits! {
    /// The limits of the process of a module.
    ProcessLimits {
        /// How long the start of a process may take, until its program runs. A disk or mount that does not
        /// answer holds it.
        #[serde(with = "seconds")]
        spawn_timeout: Duration = Duration::from_secs(5),
        /// Processes that are started at the same time, those that do not answer included.
        spawns: u32 = 16,
        /// How long a process has to end after SIGTERM, before SIGKILL.
        #[serde(with = "seconds")]
        term_grace: Duration = Duration::from_secs(5),
        /// How long a shutdown, or the end of a module, waits for processes that were killed. A process that a broken disk holds in
        /// the kernel may never end, and another manager may wait to become active.
        #[serde(with = "seconds")]
        kill_timeout: Duration = Duration::from_secs(5),
        /// How long to wait, after the end of a process, for the end of its output.
        #[serde(with = "seconds")]
        output_grace: Duration = Duration::from_secs(1),
        /// The longest line of output that is kept whole, in bytes.
        line_bytes: usize = 8192,
        /// Bytes of stdout, or of stderr, that are read a second; a module that writes more waits.
        stream_bytes_per_second: usize = 16 << 20,
        /// Lines of output a second that are logged; more are counted and dropped.
        lines_per_second: u32 = 1000,
        /// Bytes of these a second, for stdout and stderr each; more are counted and dropped.
        line_bytes_per_second: usize = 1 << 20,
        /// How long a module may take to show the stacks of its threads.
        #[serde(with = "seconds")]
        stacks_timeout: Duration = Duration::from_secs(2),
        /// Bytes of these stacks; longer ones are cut.
        stacks_bytes: usize = 256 << 10,
        /// How many lines of stderr are kept as last words.
        last_words: usize = 20,
        /// The niceness of module processes.
        nice: i32 = 5,
    }
}
