//! The health report, and its forms for people and programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::check::{Check, Severity};
use super::duration::age;
use super::merged_check::MergedCheck;
use super::mute::Mute;
use crate::cluster::stamp;
use crate::text::join_lines;

/// The health of the cluster at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The checks by code, in the order in which they are shown.
    pub checks: BTreeMap<String, MergedCheck>,
    /// The mutes that apply, by code.
    pub mutes: BTreeMap<String, Mute>,
}

impl Report {
    /// Merges the checks of the sources, in this order.
    pub(super) fn merge<'a>(
        sources: impl Iterator<Item = (&'a String, &'a Check)>,
        mutes: &BTreeMap<String, Mute>,
        now: Timestamp,
    ) -> Self {
        let mut checks = BTreeMap::<String, MergedCheck>::new();
        for (code, check) in sources {
            match checks.get_mut(code) {
                Some(merged) => merged.add(check),
                None => {
                    checks.insert(code.clone(), MergedCheck::from(check));
                }
            }
        }
        let holds = |(code, mute): &(&String, &Mute)| mute.holds(checks.get(*code), now);
        let mut mutes: BTreeMap<_, _> =
            mutes.iter().filter(holds).map(|(code, mute)| (code.clone(), mute.clone())).collect();
        for (code, mute) in &mut mutes {
            if let Some(check) = checks.get_mut(code) {
                (check.muted, mute.waiting) = (true, false);
            }
        }
        Self { checks, mutes }
    }

    /// The worst severity that is not muted.
    #[must_use]
    pub fn status(&self) -> Severity {
        self.open().map(|(_, check)| check.severity).max().unwrap_or_default()
    }

    /// The checks that are not muted.
    pub fn open(&self) -> impl Iterator<Item = (&String, &MergedCheck)> {
        self.checks.iter().filter(|(_, check)| !check.muted)
    }

    /// The form for programs, with or without the details.
    #[must_use]
    pub fn to_json(&self, detail: bool) -> Value {
        let check = |(code, check): (&String, &MergedCheck)| (code.clone(), check.to_json(detail));
        json!({
            "status": self.status().to_string(),
            "checks": self.checks.iter().map(check).collect::<Map<_, _>>(),
            "mutes": self.mutes.values().map(mute_json).collect::<Vec<_>>(),
        })
    }

    /// The muted codes in brackets, such as `(muted: A B(59m))`. `None` if there are none.
    #[must_use]
    pub fn muted_line(&self, now: Timestamp) -> Option<String> {
        let mute = |mute: &Mute| match mute.remaining(now) {
            Some(left) => format!("{}({})", mute.code, age(left)),
            None => mute.code.clone(),
        };
        let all: Vec<_> = self.mutes.values().map(mute).collect();
        (!all.is_empty()).then(|| format!("(muted: {})", all.join(" ")))
    }

    /// One line for people, such as `HEALTH_WARN 1 osds down; (muted: OSD_FULL)`.
    #[must_use]
    pub fn line(&self, now: Timestamp) -> String {
        let summaries = self.open().map(|(_, check)| check.summary.clone());
        let words: Vec<_> = summaries.chain(self.muted_line(now)).collect();
        format!("{} {}", self.status(), words.join("; ")).trim_end().to_owned()
    }

    /// The line of [`Self::line`], then each check with its details.
    #[must_use]
    pub fn detail(&self, now: Timestamp) -> String {
        let mut text = self.line(now) + "\n";
        for (code, check) in &self.checks {
            let muted = self.muted_prefix(code, check, now);
            // Writing to a String cannot fail.
            let (severity, summary) = (check.severity.short(), &check.summary);
            let _ = writeln!(text, "{muted}[{severity}] {code}: {summary}");
            // What the line above says is not repeated. For programs, it is: Ceph has it in both places.
            for detail in check.detail.iter().filter(|detail| *detail != summary) {
                // Further lines of a detail are indented more, so that they do not look like
                // another detail.
                let _ = writeln!(text, "    {}", join_lines(detail, "\n      "));
            }
        }
        text
    }

    fn muted_prefix(&self, code: &str, check: &MergedCheck, now: Timestamp) -> String {
        if !check.muted {
            return String::new();
        }
        let mute = self.mutes.get(code);
        let left = mute.and_then(|mute| mute.remaining(now));
        let ttl = left.map(|left| format!(" ttl {}", age(left))).unwrap_or_default();
        let sticky = if mute.is_some_and(|mute| mute.sticky) { ", STICKY" } else { "" };
        format!("(MUTED{ttl}{sticky}) ")
    }
}

fn mute_json(mute: &Mute) -> Value {
    let mut json = json!({ "code": mute.code });
    if let Some(end) = mute.ttl {
        json["ttl"] = stamp(end).into();
    }
    json["sticky"] = mute.sticky.into();
    json["summary"] = mute.summary.clone().into();
    json["count"] = mute.count.into();
    json
}

#[cfg(test)]
mod tests;
