//! One thread.

use std::fmt;
use std::path::Path;

use crate::file::read;
use crate::state::State;
use crate::system_call;

/// The most frames of a kernel stack that are kept.
const MOST_FRAMES: usize = 32;

/// A thread at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its number. The first thread has the number of the process.
    pub id: i32,
    /// Its name. The process gave it, so it may contain any character.
    pub name: String,
    /// What the scheduler does with it.
    pub state: State,
    /// The function of the kernel in which it waits, if the kernel shows it.
    pub waits_in: Option<String>,
    /// The system call in which it is, if the kernel shows it.
    pub system_call: Option<String>,
    /// The functions of the kernel in which it is. Only root sees them.
    pub kernel_stack: Vec<String>,
}

impl Thread {
    /// From its folder in `/proc`; none if it has ended.
    pub(crate) fn read(id: i32, folder: &Path) -> Option<Self> {
        let file = |name: &str| read(&folder.join(name));
        let (name, state) = name_and_state(&file("stat")?)?;
        let waits_in = file("wchan").filter(|function| !matches!(function.as_str(), "" | "0"));
        let system_call = file("syscall").and_then(|text| system_call::name(&text));
        let stack = file("stack").unwrap_or_default();
        let frame = |line: &str| line.rsplit_once("] ").map_or(line, |(_, rest)| rest).to_owned();
        let kernel_stack = stack.lines().take(MOST_FRAMES).map(frame).collect();
        Some(Self { id, name, state, waits_in, system_call, kernel_stack })
    }
}

/// From the text of `stat`, where the name is in parentheses and may contain anything.
fn name_and_state(stat: &str) -> Option<(String, State)> {
    let (before, after) = stat.rsplit_once(") ")?;
    let (_, name) = before.split_once('(')?;
    Some((name.to_owned(), State::from_letter(after.chars().next()?)))
}

impl fmt::Display for Thread {
    /// One line, and one more for each function of its kernel stack.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "thread {} {}: {}", self.id, self.name, self.state)?;
        if let Some(call) = &self.system_call {
            write!(f, ", system call {call}")?;
        }
        if let Some(function) = &self.waits_in {
            write!(f, ", waits in {function}")?;
        }
        for frame in &self.kernel_stack {
            write!(f, "\n    kernel: {frame}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
