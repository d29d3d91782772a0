//! Health checks that a module raises.

use mgrd_proto::v1;

use crate::Choices;

/// One named problem. A module sets all of its checks at once, with
/// [`Host::set_health_checks`](crate::Host::set_health_checks).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// The code, such as `OSD_DOWN`.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub summary: String,
    /// How many things are affected.
    pub count: i64,
    /// One line for each affected thing.
    pub detail: Vec<String>,
}

/// How bad a health check is. An option can have this type: `warning` or `error`.
#[derive(Choices, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// `HEALTH_WARN`.
    Warning,
    /// `HEALTH_ERR`.
    Error,
}

impl HealthCheck {
    /// A warning that affects one thing.
    pub fn warning(code: impl Into<String>, summary: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, summary)
    }

    /// An error that affects one thing.
    pub fn error(code: impl Into<String>, summary: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, summary)
    }

    /// A check that affects one thing.
    pub fn new(severity: Severity, code: impl Into<String>, summary: impl Into<String>) -> Self {
        let (code, summary) = (code.into(), summary.into());
        Self { code, severity, summary, count: 1, detail: Vec::new() }
    }

    /// Names the affected things, one line each, and counts them.
    #[must_use]
    pub fn detail<L: Into<String>>(mut self, lines: impl IntoIterator<Item = L>) -> Self {
        self.detail = lines.into_iter().map(Into::into).collect();
        self.count = i64::try_from(self.detail.len()).unwrap_or(i64::MAX);
        self
    }

    /// Sets how many things are affected, if that is not the number of detail lines.
    #[must_use]
    pub fn count(mut self, count: i64) -> Self {
        self.count = count;
        self
    }
}

impl From<HealthCheck> for v1::HealthCheck {
    fn from(check: HealthCheck) -> Self {
        let severity = match check.severity {
            Severity::Warning => v1::HealthSeverity::Warning,
            Severity::Error => v1::HealthSeverity::Error,
        };
        Self {
            code: check.code,
            severity: severity.into(),
            summary: check.summary,
            count: check.count,
            detail: check.detail,
        }
    }
}

impl From<v1::HealthCheck> for HealthCheck {
    fn from(check: v1::HealthCheck) -> Self {
        let severity = match check.severity() {
            v1::HealthSeverity::Error => Severity::Error,
            _ => Severity::Warning,
        };
        Self {
            code: check.code,
            severity,
            summary: check.summary,
            count: check.count,
            detail: check.detail,
        }
    }
}
