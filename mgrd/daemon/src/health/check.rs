//! One health check, and how feeds and modules write them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Codes under which a manager reports about its own modules.
const ABOUT_MODULES: &str = "MGR_MODULE_";

/// How bad it is, worst last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Reported, but does not change the overall status.
    #[default]
    #[serde(rename = "HEALTH_OK")]
    Ok,
    /// Someone should look.
    #[serde(rename = "HEALTH_WARN")]
    Warning,
    /// Someone must act.
    #[serde(rename = "HEALTH_ERR")]
    Error,
}

impl Severity {
    /// The three letters that stand before a check in lists for people.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WRN",
            Self::Error => "ERR",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "HEALTH_OK",
            Self::Warning => "HEALTH_WARN",
            Self::Error => "HEALTH_ERR",
        })
    }
}

/// A named problem, as one source sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// How bad.
    pub severity: Severity,
    /// One line.
    pub summary: String,
    /// How many things are affected.
    pub count: i64,
    /// One line for each affected thing.
    pub detail: Vec<String>,
    /// Whether the source itself muted it.
    pub muted: bool,
}

/// The checks of one source, by code.
pub type Checks = BTreeMap<String, Check>;

/// The checks in a `health` document of a feed: `{"json": "{\"checks\": …}"}`. `None` if it is not
/// such a document.
#[must_use]
pub fn feed_checks(document: &[u8]) -> Option<Checks> {
    #[derive(Deserialize)]
    struct Document {
        json: String,
    }
    #[derive(Deserialize)]
    struct Health {
        #[serde(default)]
        checks: BTreeMap<String, Written>,
    }
    #[derive(Deserialize)]
    struct Written {
        #[serde(default)]
        severity: Severity,
        #[serde(default)]
        summary: Summary,
        #[serde(default)]
        detail: Vec<Line>,
        #[serde(default)]
        muted: bool,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Summary {
        message: String,
        count: i64,
    }
    #[derive(Deserialize)]
    struct Line {
        message: String,
    }
    let document: Document = serde_json::from_slice(document).ok()?;
    let health: Health = serde_json::from_str(&document.json).ok()?;
    let check = |(code, written): (String, Written)| {
        let Written { severity, summary: Summary { message: summary, count }, detail, muted } =
            written;
        let detail = detail.into_iter().map(|line| line.message).collect();
        (code, Check { severity, summary, count, detail, muted })
    };
    let theirs = health.checks.into_iter().filter(|(code, _)| !code.starts_with(ABOUT_MODULES));
    Some(theirs.map(check).collect())
}

#[cfg(test)]
mod tests;
