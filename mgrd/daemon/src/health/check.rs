//! One health check, and the form in which feeds send it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The prefix of the codes with which a manager reports about its own modules.
const ABOUT_MODULES: &str = "MGR_MODULE_";

/// How bad a check is, worst last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// It is reported, but it does not change the overall status.
    #[default]
    #[serde(rename = "HEALTH_OK")]
    Ok,
    /// An operator should look at it.
    #[serde(rename = "HEALTH_WARN")]
    Warning,
    /// An operator must act.
    #[serde(rename = "HEALTH_ERR")]
    Error,
}

impl Severity {
    /// The short form in lists for people.
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

/// A check as one source reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// How bad it is.
    pub severity: Severity,
    /// One line for people.
    pub summary: String,
    /// The number of affected things.
    pub count: i64,
    /// One line for each affected thing.
    pub detail: Vec<String>,
    /// Whether the source muted it.
    pub muted: bool,
}

/// The checks of one source, by code.
pub type Checks = BTreeMap<String, Check>;

/// The checks in a `health` document of a feed: `{"json": "{\"checks\": …}"}`. `None` if the document
/// has another form.
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
