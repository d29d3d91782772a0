//! The state of a thread.

use std::fmt;

/// What the scheduler of the kernel does with a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It computes, or waits for a processor.
    Running,
    /// It waits for an event, and a signal can wake it.
    Sleeping,
    /// It waits in the kernel, mostly for a disk, and no signal can wake it.
    Blocked,
    /// A signal has stopped it.
    Stopped,
    /// A debugger has stopped it.
    Traced,
    /// It has ended.
    Ended,
    /// Another state, with the letter of the kernel.
    Other(char),
}

impl State {
    /// From the letter of the kernel.
    #[must_use]
    pub fn from_letter(letter: char) -> Self {
        match letter {
            'R' => Self::Running,
            'S' | 'I' => Self::Sleeping,
            'D' => Self::Blocked,
            'T' => Self::Stopped,
            't' => Self::Traced,
            'Z' | 'X' | 'x' => Self::Ended,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("running"),
            Self::Sleeping => f.write_str("sleeping"),
            Self::Blocked => f.write_str("blocked in the kernel (D)"),
            Self::Stopped => f.write_str("stopped by a signal (T)"),
            Self::Traced => f.write_str("stopped by a debugger (t)"),
            Self::Ended => f.write_str("ended"),
            Self::Other(letter) => write!(f, "in state {letter}"),
        }
    }
}
