//! Work of a module that takes long.

use std::fmt;
use std::time::Duration;

use crate::module::session::{Session, UnderWay, Work};
use crate::text::line;

/// Bytes of a name of the module's own that are shown.
const NAME_BYTES: usize = 256;

/// Work of a module that takes long, or has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdue {
    what: What,
    age: Duration,
}

/// What takes long.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// A command or a remote call that was sent to the module.
    Asked(UnderWay),
    /// A call of this method of another module, of which the module waits for an answer.
    Waits { module: String, method: String },
    /// Work that only the module itself names.
    Handler(String),
    /// Its start.
    Start,
    /// Its end, after it was asked to end.
    End,
}

impl Overdue {
    pub(super) fn start(age: Duration) -> Self {
        Self { what: What::Start, age }
    }

    pub(super) fn end(age: Duration) -> Self {
        Self { what: What::End, age }
    }

    /// A command that takes long.
    #[cfg(test)]
    pub(in crate::module) fn example() -> Self {
        let age = Duration::from_secs(93);
        let work = Work::Command("rebalance plan".into());
        let (caller, request) = ("client 7".into(), "3-1".into());
        Self { what: What::Asked(UnderWay { work, caller, request, age }), age }
    }

    /// The oldest work of a session, if it does any.
    pub(super) fn oldest(session: &Session) -> Option<Self> {
        let asked = session.under_way().into_iter().max_by_key(|work| work.age);
        let (age, handler) = session.pulse.busy();
        let handler = (!age.is_zero()).then_some((age, handler));
        let own = match (asked, handler) {
            // The module reports the commands that it runs, too. mgrd knows more of those.
            (Some(asked), Some((age, handler)))
                if asked.age < age && !is_same(&asked, &handler) =>
            {
                Self { what: What::Handler(handler), age }
            }
            (Some(asked), _) => Self { age: asked.age, what: What::Asked(asked) },
            (None, Some((age, handler))) => Self { what: What::Handler(handler), age },
            (None, None) => return None,
        };
        // If most of that time was spent in waiting for another module, that one is the cause.
        match session.waits.oldest().filter(|waits| waits.age * 2 >= own.age) {
            Some(waits) => {
                let what = What::Waits { module: waits.module, method: waits.method };
                Some(Self { what, age: own.age.min(waits.age) })
            }
            None => Some(own),
        }
    }

    /// For how long.
    pub(super) fn age(&self) -> Duration {
        self.age
    }
}

/// Whether a module names what it was asked to do: `command 'x'` or `remote call 'x'`.
fn is_same(asked: &UnderWay, handler: &str) -> bool {
    let (Work::Command(name) | Work::RemoteCall(name)) = &asked.work;
    handler.contains(&format!("'{name}'"))
}

impl fmt::Display for Overdue {
    /// The end of a sentence about the module.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.age.as_secs();
        match &self.what {
            What::Asked(UnderWay { work: Work::Command(prefix), request, .. }) => {
                write!(f, "has run the command '{prefix}' for {seconds} s (request {request})")
            }
            What::Asked(UnderWay { work: Work::RemoteCall(method), caller, .. }) => {
                write!(f, "has handled the remote call '{method}' of {caller} for {seconds} s")
            }
            What::Waits { module, method } => {
                write!(
                    f,
                    "has waited for module '{module}' for {seconds} s (remote call '{method}')"
                )
            }
            What::Handler(handler) => match handler.strip_prefix("notify ") {
                Some(kind) => {
                    let kind = line(kind, NAME_BYTES);
                    write!(f, "has handled the notification {kind} for {seconds} s")
                }
                None => {
                    let handler = line(handler, NAME_BYTES);
                    write!(f, "has been busy for {seconds} s with {handler}")
                }
            },
            What::Start => write!(f, "has been starting for {seconds} s"),
            What::End => write!(f, "has not ended {seconds} s after it was asked to"),
        }
    }
}

#[cfg(test)]
mod tests;
