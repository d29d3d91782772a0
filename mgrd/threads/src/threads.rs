//! All threads of a process.

use std::fs::read_dir;
use std::path::PathBuf;
use std::{fmt, io};

use crate::state::State;
use crate::thread::Thread;

/// The threads of a process at one moment.
#[derive(Clone, Debug, Default)]
pub struct Threads {
    /// In the order of their numbers.
    pub threads: Vec<Thread>,
    /// How many more there are than were asked for.
    pub more: usize,
}

impl Threads {
    /// At most `most` threads of a process. It blocks for some microseconds for each of them.
    ///
    /// # Errors
    ///
    /// If there is no such process.
    pub fn of(pid: u32, most: usize) -> io::Result<Self> {
        let folder = PathBuf::from(format!("/proc/{pid}/task"));
        let names = read_dir(&folder)?.flatten().map(|entry| entry.file_name());
        let mut ids: Vec<i32> = names.filter_map(|name| name.to_str()?.parse().ok()).collect();
        ids.sort_unstable();
        let more = ids.len().saturating_sub(most);
        let read = |id: &i32| Thread::read(*id, &folder.join(id.to_string()));
        Ok(Self { threads: ids.iter().take(most).filter_map(read).collect(), more })
    }

    /// Whether one of them is in this state.
    #[must_use]
    pub fn any(&self, state: State) -> bool {
        self.threads.iter().any(|thread| thread.state == state)
    }
}

impl fmt::Display for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, thread) in self.threads.iter().enumerate() {
            let line = if at == 0 { "" } else { "\n" };
            write!(f, "{line}{thread}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more threads"),
        }
    }
}

#[cfg(test)]
mod tests;
