//! How an operator starts a module by hand.

/// How to start a module by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManualStart {
    /// The environment; it names the file with the secret.
    pub environment: Vec<(String, String)>,
    /// The program and its arguments, as the supervisor would run them.
    pub command: Vec<String>,
}
