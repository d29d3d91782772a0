//! The health checks that `mgrd` raises itself.

use std::collections::BTreeMap;
use std::time::Duration;

use mgrd_storage::{Storage, StorageFault};

use super::parts::Host;
use crate::feed::{FeedStatus, Feeds};
use crate::health::{Check, Checks, Health, Severity, Source, age};
use crate::limits_reached;
use crate::module::{ModuleStatus, Modules, Problem, ProblemKind};
use crate::text::visible;

/// Reports the modules that do not work as they should.
pub(super) fn report_modules(modules: &Modules, health: &Health) {
    health.set(Source::Host("modules"), module_checks(&modules.list()));
    health.set(Source::Host("settings"), setting_checks(&modules.settings_without_module()));
}

fn module_checks(modules: &[ModuleStatus]) -> Checks {
    let mut by_kind = BTreeMap::<ProblemKind, Vec<Problem>>::new();
    for problem in modules.iter().flat_map(ModuleStatus::problems) {
        by_kind.entry(problem.kind).or_default().push(problem);
    }
    let checks = by_kind.into_iter();
    checks.map(|(kind, problems)| (kind.code().to_owned(), check(kind, &problems))).collect()
}

/// Names settings of modules that do not exist: the module that is meant may run with too many rights.
fn setting_checks(names: &[String]) -> Checks {
    let mut checks = Checks::new();
    if let Some(first) = names.first() {
        let line = |name: &String| {
            format!(
                "[modules.{}] in the settings of mgrd sets what no module uses; correct the name, or remove \
                 the table, and start mgrd again",
                visible(name)
            )
        };
        let check = Check {
            severity: Severity::Warning,
            summary: match names.len() {
                1 => format!("the settings name a module '{}' that does not exist", visible(first)),
                several => format!("the settings name {several} modules that do not exist"),
            },
            count: i64::try_from(names.len()).unwrap_or(i64::MAX),
            detail: names.iter().map(line).collect(),
            muted: false,
        };
        checks.insert("MGR_SETTING_UNUSED".to_owned(), check);
    }
    checks
}

fn check(kind: ProblemKind, problems: &[Problem]) -> Check {
    let count = problems.len();
    let summary = match problems {
        [one] => one.summary.clone(),
        _ => format!("{count} mgr modules {}", kind.plural()),
    };
    let detail = problems.iter().flat_map(|problem| {
        let more = problem.detail.iter().map(|line| format!("{}: {line}", problem.module));
        std::iter::once(problem.summary.clone()).chain(more)
    });
    Check {
        severity: if kind.is_error() { Severity::Error } else { Severity::Warning },
        summary,
        count: i64::try_from(count).unwrap_or(i64::MAX),
        detail: detail.collect(),
        muted: false,
    }
}

/// Reports who has reached a limit lately. The texts stay the same while that goes on.
pub(super) fn report_limits(health: &Health) {
    health.set(Source::Host("limits"), limit_checks(&limits_reached::lately()));
}

fn limit_checks(callers: &[(String, Vec<&str>)]) -> Checks {
    let mut checks = Checks::new();
    if let Some((first, _)) = callers.first() {
        let line = |(caller, limits): &(String, Vec<&str>)| {
            let limits = limits.join(", ");
            format!("{caller} has reached {limits}: what exceeds it is refused or dropped")
        };
        let check = Check {
            severity: Severity::Warning,
            summary: match callers.len() {
                1 => format!("{first} asks for more than its limits allow"),
                several => format!("{several} callers ask for more than their limits allow"),
            },
            count: i64::try_from(callers.len()).unwrap_or(i64::MAX),
            detail: callers.iter().map(line).collect(),
            muted: false,
        };
        checks.insert("MGR_LIMIT_REACHED".to_owned(), check);
    }
    checks
}

/// A caller that asks for more of the worker thread than its share.
#[derive(Clone, Debug, PartialEq)]
pub struct BusyCaller {
    /// Which one, such as `module 'x'`.
    pub name: String,
    /// How much of the worker thread it used in the last second, in percent.
    pub used: f64,
    /// How much of the last second it waited for others, in percent.
    pub waited: f64,
}

impl BusyCaller {
    fn summary(&self) -> String {
        format!("{} asks for more than its share of mgrd", self.name)
    }

    fn advice(&self) -> String {
        format!("{}: find out why it makes so many calls, or end it", self.summary())
    }

    /// What it used and how long it waited.
    #[must_use]
    pub fn detail(&self) -> String {
        let Self { used, waited, .. } = self;
        format!(
            "{}: in the last second it used {used:.0} % of the time of mgrd, and waited for others \
             {waited:.0} % of the time",
            self.summary()
        )
    }
}

impl Host {
    /// Reports the callers that ask for more than their share.
    pub fn report_callers(&self, busy: &[BusyCaller]) {
        self.parts.health.set(Source::Host("callers"), caller_checks(busy));
    }
}

fn caller_checks(busy: &[BusyCaller]) -> Checks {
    let mut checks = Checks::new();
    if let Some(first) = busy.first() {
        let check = Check {
            severity: Severity::Warning,
            summary: match busy.len() {
                1 => first.summary(),
                several => format!("{several} callers ask for more than their share of mgrd"),
            },
            count: i64::try_from(busy.len()).unwrap_or(i64::MAX),
            // Without figures, which change all the time: each change goes to all modules.
            detail: busy.iter().map(BusyCaller::advice).collect(),
            muted: false,
        };
        checks.insert("MGR_CALLER_BUSY".to_owned(), check);
    }
    checks
}

/// How long a verification of the storage takes until health says so.
const LONG_VERIFICATION: Duration = Duration::from_secs(2);

/// Reports why storage refuses writes, or lets them wait, if it does.
pub(super) fn report_storage(storage: &dyn Storage, health: &Health) {
    let checks = storage_checks(storage.health(), storage.no_room(), storage.verifying());
    health.set(Source::Host("storage"), checks);
}

fn storage_checks(
    fault: Option<StorageFault>,
    no_room: Option<usize>,
    verifying: Option<Duration>,
) -> Checks {
    let is_long = verifying.is_some_and(|lasts| lasts >= LONG_VERIFICATION);
    let (severity, summary, detail) = match (fault, no_room) {
        (Some(fault), _) => (Severity::Error, "mgrd cannot store anything", fault.to_string()),
        (None, Some(bytes)) => {
            let detail = format!(
                "there was no room for a write of {bytes} bytes; smaller ones may fit; free some space, \
                 or store less; this ends when a write of that size fits, or a minute after the last one \
                 that did not"
            );
            (Severity::Warning, "mgrd refuses writes that do not fit on the disk", detail)
        }
        (None, None) if is_long => {
            let detail = "after a takeover, mgrd reads all of the storage file before the first write, \
                          which takes seconds for each GiB; reads work; if it does not end, check the disk";
            let summary = "writes wait until the storage file is verified";
            (Severity::Warning, summary, detail.to_owned())
        }
        (None, None) => return Checks::new(),
    };
    let (summary, detail) = (summary.to_owned(), vec![detail]);
    let check = Check { severity, summary, count: 1, detail, muted: false };
    Checks::from([("MGR_STORAGE".to_owned(), check)])
}

/// Reports the feeds that send nothing any more: the state of the cluster is old.
pub(super) fn report_feeds(feeds: &Feeds, health: &Health) {
    health.set(Source::Host("feeds"), feed_checks(&feeds.list()));
}

fn feed_checks(feeds: &[FeedStatus]) -> Checks {
    let down: Vec<_> = feeds.iter().filter(|feed| !feed.is_fresh()).collect();
    let line = |feed: &&FeedStatus| {
        let name = &feed.hello.name;
        match feed.connected {
            true => format!(
                "feed '{name}' is connected but stale: it last sent something {} ago; check the \
                 program that sends it",
                age(feed.silent)
            ),
            false => format!(
                "feed '{name}' is disconnected; start it again, or run `mgrctl feed forget {name}` \
                 if it is gone for good"
            ),
        }
    };
    let mut checks = Checks::new();
    if let Some(first) = down.first() {
        let what = match down.len() {
            1 => format!("feed '{}' is {}", first.hello.name, first.condition()),
            several => format!("{several} feeds are disconnected or stale"),
        };
        let check = Check {
            severity: Severity::Warning,
            summary: format!("{what}; the last known state of the cluster is shown"),
            count: i64::try_from(down.len()).unwrap_or(i64::MAX),
            detail: down.iter().map(line).collect(),
            muted: false,
        };
        checks.insert("MGR_FEED_DOWN".to_owned(), check);
    }
    checks
}

#[cfg(test)]
mod tests;
