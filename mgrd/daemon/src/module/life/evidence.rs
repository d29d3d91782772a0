//! What a run leaves behind for the report of its crash.

use crate::module::recent_log::RecentLog;
use crate::module::session::UnderWay;

/// What a run leaves behind for the report of its crash.
#[derive(Clone, Debug, Default)]
pub(in crate::module) struct Evidence {
    /// What it wrote and logged last.
    pub(in crate::module) log: RecentLog,
    /// What it was doing when it was asked to end.
    pub(super) under_way: Option<Vec<UnderWay>>,
    /// Further texts, each with its title.
    pub(super) texts: Vec<(&'static str, String)>,
}

impl Evidence {
    /// Adds a text to the report, such as the stacks of a module that is stuck. A text with the same
    /// title is replaced.
    pub(in crate::module) fn attach(&mut self, title: &'static str, text: String) {
        self.texts.retain(|(known, _)| *known != title);
        self.texts.push((title, text));
    }
}

#[cfg(test)]
mod tests;
