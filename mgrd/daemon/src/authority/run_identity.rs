//! Which run of a module a process belongs to.

/// What a process of a module was started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To work.
    Run,
    /// Only to send its declaration.
    Describe,
}

/// A process of a module that has shown the secret of its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunIdentity {
    /// The module.
    pub module: String,
    /// What the process was started for.
    pub purpose: Purpose,
    /// The id of the run.
    pub id: u64,
}

/// Why a secret proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No live run has this secret.
    #[error(
        "the secret does not belong to a module that mgrd runs now; send the one in the file that \
         MGRD_SECRET_FILE names"
    )]
    Unknown,
    /// It is the secret of another process.
    #[error("the secret is not that of process {pid}; each module must send its own")]
    WrongProcess {
        /// The process that sent it.
        pid: i32,
    },
    /// The process that sent it runs as another user.
    #[error(
        "the secret belongs to another user than {uid}; run the module as the user that mgrd runs it as, or \
         as the user that runs mgrd if you start it by hand"
    )]
    WrongUser {
        /// That user.
        uid: u32,
    },
}

#[cfg(test)]
mod tests;
