//! How a command ended.

use bytes::Bytes;
use mgrd_proto::v1;

use crate::Errno;

/// How a command ended. A command returns it if a value or an error is not enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// 0, or a negative errno.
    pub retval: i32,
    /// The output.
    pub stdout: Bytes,
    /// Status or error text for people.
    pub stderr: String,
}

impl Outcome {
    /// A success with this output.
    pub fn output(stdout: impl Into<Bytes>) -> Self {
        Self { stdout: stdout.into(), ..Self::default() }
    }

    /// Adds a text for people, which clients show in addition to the output.
    #[must_use]
    pub fn status(mut self, text: impl Into<String>) -> Self {
        self.stderr = text.into();
        self
    }

    /// Adds an error number, for a failure that has output.
    #[must_use]
    pub fn errno(mut self, errno: Errno) -> Self {
        self.retval = -errno.0;
        self
    }
}

impl From<v1::CommandOutcome> for Outcome {
    fn from(outcome: v1::CommandOutcome) -> Self {
        let v1::CommandOutcome { retval, stdout, stderr } = outcome;
        Self { retval, stdout, stderr }
    }
}

impl From<Outcome> for v1::CommandOutcome {
    fn from(outcome: Outcome) -> Self {
        let Outcome { retval, stdout, stderr } = outcome;
        Self { retval, stdout, stderr }
    }
}
