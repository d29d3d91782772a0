//! `crash …` and `mgr crash …`: reports of crashes, as Ceph's module `crash` shows them.

use std::fmt::Write;
use std::time::Duration;

use jiff::Timestamp;
use mgrd_command::{Errno, Outcome};
use serde_json::{Value, json};

use super::rendered::rendered;
use super::{Builtin, Request, TextTable, later};
use crate::crash::{CrashError, Crashes, Summary};

/// The commands, once with each of their words. An enabled module `crash` takes over `crash …`;
/// `mgr crash …` stays.
pub fn commands() -> impl Iterator<Item = &'static Builtin<Crashes>> {
    [CRASH, MGR_CRASH].into_iter().flatten()
}

/// The commands that begin with these words.
macro_rules! commands {
    ($words:literal) => {
        &[
            Builtin {
                cmd: concat!($words, " ls"),
                help: "list the reports of crashes",
                perm: "r",
                run: |crashes, request| later(list(crashes, request, |_| true)),
            },
            Builtin {
                cmd: concat!($words, " ls-new"),
                help: "list the reports of crashes that are not archived",
                perm: "r",
                run: |crashes, request| later(list(crashes, request, |report| !report.archived)),
            },
            Builtin {
                cmd: concat!($words, " info name=id,type=CephString"),
                help: "show the report of a crash",
                perm: "r",
                run: |crashes, request| later(info(crashes, request)),
            },
            Builtin {
                cmd: concat!($words, " stat"),
                help: "count the reports of crashes by age",
                perm: "r",
                run: |crashes, request| later(stat(crashes, request)),
            },
            Builtin {
                cmd: concat!($words, " post"),
                help: "add the report of a crash (-i FILE)",
                perm: "rw",
                run: |crashes, request| later(post(crashes, request)),
            },
            Builtin {
                cmd: concat!($words, " archive name=id,type=CephString"),
                help: "mark a crash as seen, so that health no longer warns about it",
                perm: "w",
                run: |crashes, request| later(archive(crashes, request)),
            },
            Builtin {
                cmd: concat!($words, " archive-all"),
                help: "mark all crashes as seen",
                perm: "w",
                run: |crashes, _| later(async { done(crashes.archive_all().await) }),
            },
            Builtin {
                cmd: concat!($words, " prune name=keep,type=CephInt,range=0"),
                help: "remove the reports that are older than this many days",
                perm: "rw",
                run: |crashes, request| later(prune(crashes, request)),
            },
            Builtin {
                cmd: concat!($words, " rm name=id,type=CephString"),
                help: "remove the report of a crash",
                perm: "rw",
                run: |crashes, request| later(remove(crashes, request)),
            },
        ]
    };
}

const CRASH: &[Builtin<Crashes>] = commands!("crash");
const MGR_CRASH: &[Builtin<Crashes>] = commands!("mgr crash");

const DAY: Duration = Duration::from_secs(86400);
/// The ages by which reports are counted, in days.
const AGES: [u32; 3] = [1, 3, 7];

fn id(request: &Request) -> &str {
    request.text("id").unwrap_or_default()
}

fn done(result: Result<(), CrashError>) -> Outcome {
    result.map_or_else(Outcome::from, |()| Outcome::default())
}

async fn list(crashes: &Crashes, request: &Request, wanted: fn(&Summary) -> bool) -> Outcome {
    let mut reports = crashes.list().await;
    reports.retain(|_, report| wanted(report));
    if request.format == super::Format::Plain {
        return Outcome::ok(table(reports.iter()));
    }
    let (crashes, format) = (crashes.clone(), request.format);
    let ids: Vec<_> = reports.into_keys().collect();
    // All of them together may be large.
    let render = move || {
        let stored = crashes.stored(&ids);
        let read = stored.iter().filter_map(|json| sorted(json).ok());
        format.structured(&read.collect::<Vec<_>>())
    };
    rendered(render).await
}

fn table<'a>(reports: impl ExactSizeIterator<Item = (&'a String, &'a Summary)>) -> String {
    if reports.len() == 0 {
        return String::new();
    }
    let mut table = TextTable::new(["ID", "ENTITY", "NEW"]);
    for (id, report) in reports {
        let new = if report.archived { "" } else { "*" };
        table.row([id.clone(), report.entity.clone(), new.to_owned()]);
    }
    table.render()
}

async fn info(crashes: &Crashes, request: &Request) -> Result<Outcome, CrashError> {
    let report = crashes.get(id(request)).await?;
    Ok(match sorted(&report) {
        Ok(report) => request.format.structured(&report),
        Err(why) => Outcome::error(Errno::EIO, format!("the stored report is damaged: {why}")),
    })
}

/// A stored report, with its keys in order as in Ceph.
fn sorted(stored: &[u8]) -> serde_json::Result<Value> {
    let mut report: Value = serde_json::from_slice(stored)?;
    report.sort_all_objects();
    Ok(report)
}

async fn stat(crashes: &Crashes, request: &Request) -> Outcome {
    let reports = crashes.list().await;
    let older = AGES.map(|days| (days, older(reports.iter(), request.now, days)));
    let bins = older.iter().filter(|(_, ids)| !ids.is_empty());
    let bins = bins.map(|(days, ids)| json!({"older_than_days": days, "crashes": ids}));
    let value = json!({"total": reports.len(), "older": bins.collect::<Vec<_>>()});
    request.format.render(&value, || {
        let mut text = format!("{} crashes recorded\n", reports.len());
        for (days, ids) in older.iter().filter(|(_, ids)| !ids.is_empty()) {
            // A String takes everything.
            let _ = writeln!(text, "{} older than {days} days old:", ids.len());
            for id in ids {
                let _ = writeln!(text, "{id}");
            }
        }
        text
    })
}

/// The reports that are older than so many days.
fn older<'a>(
    reports: impl Iterator<Item = (&'a String, &'a Summary)>,
    now: Timestamp,
    days: u32,
) -> Vec<&'a String> {
    let Ok(limit) = now.checked_sub(DAY * days) else { return Vec::new() };
    reports.filter(|(_, report)| report.timestamp <= limit).map(|(id, _)| id).collect()
}

async fn post(crashes: &Crashes, request: &Request) -> Outcome {
    done(crashes.post(&request.input, &request.caller).await)
}

async fn archive(crashes: &Crashes, request: &Request) -> Outcome {
    done(crashes.archive(id(request)).await)
}

async fn prune(crashes: &Crashes, request: &Request) -> Outcome {
    let days = request.int("keep").and_then(|days| u32::try_from(days).ok()).unwrap_or(u32::MAX);
    done(crashes.prune(DAY.saturating_mul(days)).await)
}

async fn remove(crashes: &Crashes, request: &Request) -> Outcome {
    done(crashes.remove(id(request)).await)
}

#[cfg(test)]
mod tests;
