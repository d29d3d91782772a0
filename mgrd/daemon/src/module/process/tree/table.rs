//! All processes at one moment.

use std::collections::HashMap;

use super::stat::Stat;

/// All processes that this one can see, by number.
#[derive(Debug, Default)]
pub(super) struct Table(HashMap<i32, Stat>);

impl Table {
    /// Reads all of them. Takes some milliseconds on a host with hundreds of processes.
    pub(super) fn read() -> Self {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter_map(Stat::read).collect()
    }

    pub(super) fn get(&self, pid: i32) -> Option<&Stat> {
        self.0.get(&pid)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Stat> {
        self.0.values()
    }

    /// What descends from `root`, parents before their children.
    pub(super) fn descendants(&self, root: i32) -> Vec<&Stat> {
        let mut children: HashMap<i32, Vec<&Stat>> = HashMap::new();
        for stat in self.all() {
            children.entry(stat.parent).or_default().push(stat);
        }
        let mut found = children.remove(&root).unwrap_or_default();
        let mut next = 0;
        while let Some(stat) = found.get(next) {
            // Each process has one parent. A table that is not of one moment may have circles, too.
            found.extend(children.remove(&stat.id.pid).unwrap_or_default());
            next += 1;
        }
        found
    }
}

impl FromIterator<Stat> for Table {
    fn from_iter<I: IntoIterator<Item = Stat>>(stats: I) -> Self {
        Self(stats.into_iter().map(|stat| (stat.id.pid, stat)).collect())
    }
}
