//! What a child does between fork and exec, beyond what every module process does: steps that are made
//! ready before the fork.

use std::fmt;
use std::io;

use nix::errno::Errno;

/// One thing that a child does.
pub(super) struct Step {
    /// What is not possible if it fails.
    what: String,
    /// What to do then.
    advice: &'static str,
    /// Makes only system calls that are async-signal-safe: it neither allocates nor takes locks.
    run: Box<dyn Fn() -> nix::Result<()> + Send + Sync>,
}

/// What a child could not do.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {source}; {advice}")]
pub struct StepError {
    what: String,
    advice: &'static str,
    pub(super) source: io::Error,
}

/// All that a child does, in this order.
#[derive(Debug, Default)]
pub(super) struct Steps(Vec<Step>);

/// The number of a step that failed, and why.
pub(super) type Failed = (usize, Errno);

impl Step {
    /// `run` must be async-signal-safe. `what` and `advice` are what people read if it fails.
    pub(super) fn new(
        what: String,
        advice: &'static str,
        run: impl Fn() -> nix::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self { what, advice, run: Box::new(run) }
    }
}

#[cfg(test)]
impl StepError {
    pub(super) fn sample(source: io::Error) -> Self {
        Self {
            what: "cannot become user 'nobody' (run_as)".into(),
            advice: "start mgrd as root",
            source,
        }
    }
}

impl Steps {
    pub(super) fn add(&mut self, steps: impl IntoIterator<Item = Step>) {
        self.0.extend(steps);
    }

    /// Takes all steps, in the child.
    pub(super) fn run(&self) -> Result<(), Failed> {
        self.0.iter().enumerate().try_for_each(|(n, step)| (step.run)().map_err(|why| (n, why)))
    }

    /// What the child could not do, as it reported that.
    pub(super) fn error(&self, step: usize, source: io::Error) -> Option<StepError> {
        let step = self.0.get(step)?;
        Some(StepError { what: step.what.clone(), advice: step.advice, source })
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

#[cfg(test)]
mod tests;
