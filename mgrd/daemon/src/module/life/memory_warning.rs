//! What an operator should know about the memory of a module.

use std::fmt;

use super::growth::Leak;

/// A module uses much memory, or more and more. The text is the end of a sentence about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryWarning {
    /// It uses almost as much as it may.
    High {
        /// What it uses, in bytes.
        used: u64,
        /// Its limit `memory`, in bytes.
        limit: u64,
    },
    /// It uses more and more.
    Leak {
        /// What it uses, in bytes.
        used: u64,
        /// How fast that grows.
        leak: Leak,
        /// Its limit `memory`, in bytes, if it has one.
        limit: Option<u64>,
    },
}

impl MemoryWarning {
    /// What there is to warn about.
    pub(super) fn of(
        used: u64,
        limit: Option<u64>,
        percent: Option<u64>,
        leak: Option<Leak>,
    ) -> Option<Self> {
        let is_high = |limit: u64, percent: u64| {
            u128::from(used) * 100 >= u128::from(limit) * u128::from(percent)
        };
        match (limit, percent) {
            (Some(limit), Some(percent)) if is_high(limit, percent) => {
                Some(Self::High { used, limit })
            }
            _ => leak.map(|leak| Self::Leak { used, leak, limit }),
        }
    }
}

impl MemoryWarning {
    /// What an operator can do about it in this module.
    pub(in crate::module) fn advice(&self, module: &str) -> String {
        match self {
            Self::High { .. } => format!(
                "find out why it uses so much, or give it more: mgrctl mgr module limit {module} memory=SIZE"
            ),
            Self::Leak { .. } => format!(
                "a restart frees the memory until it has grown again: mgrctl mgr module restart {module}; \
                 the module must be repaired"
            ),
        }
    }
}

impl fmt::Display for MemoryWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::High { used, limit } => write!(
                f,
                "uses {} MiB of memory, and its limit is {} MiB; with more it is killed and started again",
                used >> 20,
                limit >> 20
            ),
            Self::Leak { used, leak, limit } => {
                let (rate, minutes) = (leak.per_hour >> 20, leak.over.as_secs().div_ceil(60));
                write!(
                    f,
                    "uses {} MiB of memory, and has grown by {rate} MiB an hour for {minutes} min",
                    used >> 20
                )?;
                match limit {
                    Some(limit) => write!(f, "; its limit is {} MiB", limit >> 20),
                    None => f.write_str("; it has no limit"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
