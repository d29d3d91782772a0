//! A terminal that shows the output of built-in commands as a user sees it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use mgrd_command::{CommandSpec, CommandTable, Errno, Flags, MatchError, Outcome};
use serde_json::json;

use crate::builtin::state::State;
use crate::builtin::{Builtin, Format, Request};
use crate::cluster::Cluster;
use crate::feed::{FeedHandle, Feeds, Limits, Replay};
use crate::health::Health;
use crate::managers::{Manager, Managers};

/// When commands are typed: half an hour after the recorded cluster came up.
pub(crate) fn now() -> Timestamp {
    "2026-11-22T20:00:00Z".parse().unwrap()
}

/// A manager without a feed.
pub(crate) fn empty() -> State {
    let cluster = Cluster::default();
    let health = Health::new(cluster.clone());
    let feeds = Feeds::new(cluster.clone(), health.clone(), Arc::new(|_, _| {}), Limits::default());
    let metadata = BTreeMap::from([("name".to_owned(), "me".to_owned())]);
    let managers = Managers::new(Manager { id: "me".into(), metadata, ..Manager::default() });
    State { cluster, health, feeds, managers }
}

/// A manager of the recorded cluster. The feed is connected until the handle is dropped.
pub(crate) fn recorded() -> (State, FeedHandle) {
    let state = empty();
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../recordings/ceph-16.2/recording.jsonl.gz");
    let feed = Replay::load(&path).unwrap().start(&state.feeds).unwrap();
    let map = json!({"active_name": "me", "available": true, "epoch": 1, "standbys": []});
    state.cluster.put_own("mgr_map", &map).unwrap();
    (state, feed)
}

/// Adds built-in commands to a table.
pub(crate) fn register<C: 'static>(
    table: &mut CommandTable,
    commands: impl IntoIterator<Item = &'static Builtin<C>>,
) {
    for command in commands {
        let Builtin { cmd, help, perm, .. } = command;
        let spec = CommandSpec::new("mgr", cmd, help, perm, Flags::default());
        table.register(spec.unwrap()).unwrap();
    }
}

/// A terminal with the commands of one part of the host.
pub(crate) struct Terminal<'a, C: 'static> {
    part: &'a C,
    commands: Vec<&'static Builtin<C>>,
    screen: String,
}

impl<'a, C> Terminal<'a, C> {
    pub(crate) fn new(
        part: &'a C,
        commands: impl IntoIterator<Item = &'static Builtin<C>>,
    ) -> Self {
        Self { part, commands: commands.into_iter().collect(), screen: String::new() }
    }

    /// Types a command after `mgrctl`.
    pub(crate) async fn types(&mut self, line: &str) {
        self.types_with_input(line, "").await;
    }

    /// Types a command that reads the file `FILE`.
    pub(crate) async fn types_with_input(&mut self, line: &str, input: impl Into<Bytes>) {
        let outcome = self.run(line, input.into()).await;
        self.shows(line, &outcome);
    }

    async fn run(&self, line: &str, input: Bytes) -> Outcome {
        let line = line.trim_end_matches(" -i FILE");
        let (line, format) = line.split_once(" -f ").unwrap_or((line, ""));
        let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
        let mut table = CommandTable::new();
        register(&mut table, self.commands.iter().copied());
        let matched = match table.bind(&words) {
            Ok(matched) => matched,
            Err(why) => {
                let status = format!("{why}\n{}", MatchError::STATUS);
                return Outcome::error(Errno::EINVAL, status);
            }
        };
        let called = |command: &&&Builtin<C>| prefix(command.cmd) == matched.spec.prefix();
        let command = self.commands.iter().find(called).unwrap();
        let format: Format = format.parse().unwrap();
        let request =
            Request { args: matched.args, format, input, now: now(), ..Request::default() };
        (command.run)(self.part, &request).await
    }

    /// Shows a command that was typed, and what it answers.
    pub(crate) fn shows(&mut self, line: &str, outcome: &Outcome) {
        if !self.screen.is_empty() {
            self.screen.push('\n');
        }
        self.screen += &shown(line, outcome);
    }

    /// All output so far.
    pub(crate) fn screen(&self) -> &str {
        &self.screen
    }
}

/// The words that name a command.
pub(crate) fn prefix(descriptor: &str) -> String {
    let words = descriptor.split_whitespace().filter(|word| !word.contains('='));
    words.collect::<Vec<_>>().join(" ")
}

/// A command as `mgrctl` shows it: the output, then the status or the error. The version of this
/// crate is `x.y.z`.
pub(crate) fn shown(line: &str, outcome: &Outcome) -> String {
    let mut text = format!("$ mgrctl {line}\n{}", String::from_utf8_lossy(&outcome.stdout));
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let known = [
        Errno::EPERM,
        Errno::ENOENT,
        Errno::EIO,
        Errno::EINVAL,
        Errno::EBUSY,
        Errno::EFBIG,
        Errno::ENOSPC,
    ];
    let errno = known.into_iter().find(|errno| *errno as i32 == -outcome.retval);
    text += &match errno {
        None if outcome.stderr.is_empty() => String::new(),
        None => format!("{}\n", outcome.stderr),
        // The diagnosis of the words comes before the last line.
        Some(errno) => match outcome.stderr.rsplit_once('\n') {
            Some((diagnosis, status)) => format!("{diagnosis}\nError {errno}: {status}\n"),
            None => format!("Error {errno}: {}\n", outcome.stderr),
        },
    };
    text.replace(env!("CARGO_PKG_VERSION"), "x.y.z")
}
