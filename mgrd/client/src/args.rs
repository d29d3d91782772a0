//! The command line: the client's own options, and the words that go to the manager.

use std::path::PathBuf;
use std::time::Duration;

use mgrd_proto::v1::LogPriority;

/// The output formats that `-f` offers.
pub(super) const FORMATS: [&str; 4] = ["plain", "json", "json-pretty", "yaml"];
/// Formats that some modules know, and `mgrd` does not. They are taken, but not offered.
const OF_MODULES: [&str; 2] = ["xml", "xml-pretty"];

/// One of the client's own options.
pub(super) struct OptionSpec {
    pub(super) names: &'static [&'static str],
    /// The name of its value; `None` for a flag.
    pub(super) value: Option<&'static str>,
    pub(super) help: &'static str,
    set: Set,
}

/// How an option takes effect.
enum Set {
    Flag(fn(&mut Options)),
    Value(fn(&mut Options, &str) -> Result<(), BadOption>),
}

/// The values of the client's own options.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Options {
    pub(super) socket: Option<PathBuf>,
    pub(super) input: Option<PathBuf>,
    pub(super) output: Option<PathBuf>,
    pub(super) format: String,
    pub(super) period: Option<f64>,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) answer_timeout: Option<Duration>,
    pub(super) status: bool,
    pub(super) help: bool,
    pub(super) version: bool,
    pub(super) verbose: bool,
    pub(super) watch: Option<Watch>,
}

/// What to watch.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Watch {
    /// The cluster log's channel; `None` means `cluster`.
    pub(super) channel: Option<String>,
    pub(super) level: LogPriority,
}

impl Options {
    fn watch(&mut self) -> &mut Watch {
        self.watch.get_or_insert_default()
    }
}

/// All options, in the order of the help. Names are exact: everything else belongs to commands.
pub(super) const OPTIONS: &[OptionSpec] = &[
    flag(&["-h", "--help"], "show this help, or that of commands: mgrctl -h config", |o| {
        o.help = true;
    }),
    OptionSpec {
        names: &["--socket"],
        value: Some("PATH"),
        help: "where mgrd listens (also MGRD_SOCKET)",
        set: Set::Value(|o, v| set(&mut o.socket, PathBuf::from(v))),
    },
    OptionSpec {
        names: &["-i", "--in-file"],
        value: Some("FILE"),
        help: "input data for the command; - is the standard input",
        set: Set::Value(|o, v| set(&mut o.input, PathBuf::from(v))),
    },
    OptionSpec {
        names: &["-o", "--out-file"],
        value: Some("FILE"),
        help: "write the output to a file; - is the standard output",
        set: Set::Value(|o, v| set(&mut o.output, PathBuf::from(v))),
    },
    OptionSpec {
        names: &["-f", "--format"],
        value: Some("FORMAT"),
        help: "plain, json, json-pretty or yaml",
        set: Set::Value(set_format),
    },
    flag(&["-s", "--status"], "show the status of the cluster", |o| o.status = true),
    flag(&["-w", "--watch"], "watch the cluster log and events live", |o| {
        o.watch();
    }),
    OptionSpec {
        names: &["-W", "--watch-channel"],
        value: Some("CHANNEL"),
        help: "watch this channel of the log; * means all",
        set: Set::Value(|o, v| set(&mut o.watch().channel, v.to_owned())),
    },
    flag(&["--watch-debug"], "watch from priority DBG up", |o| level(o, LogPriority::Debug)),
    flag(&["--watch-info"], "watch from priority INF up", |o| level(o, LogPriority::Info)),
    flag(&["--watch-sec"], "watch from priority SEC up", |o| level(o, LogPriority::Security)),
    flag(&["--watch-warn"], "watch from priority WRN up", |o| level(o, LogPriority::Warning)),
    flag(&["--watch-error"], "watch priority ERR only", |o| level(o, LogPriority::Error)),
    OptionSpec {
        names: &["-p", "--period"],
        value: Some("SECONDS"),
        help: "how often to repeat commands that poll (default 1; 0 means once)",
        set: Set::Value(set_period),
    },
    OptionSpec {
        names: &["--connect-timeout"],
        value: Some("SECONDS"),
        help: "how long to wait for another manager (default 10; with -w 300)",
        set: Set::Value(|o, v| set(&mut o.connect_timeout, whole_seconds(v)?)),
    },
    OptionSpec {
        names: &["--answer-timeout"],
        value: Some("SECONDS"),
        help: "how long the manager may take to begin its answer (default 30; 0 means any time; also \
               MGRD_ANSWER_TIMEOUT)",
        set: Set::Value(|o, v| set(&mut o.answer_timeout, whole_seconds(v)?)),
    },
    flag(&["--verbose"], "show which socket is used", |o| o.verbose = true),
    flag(&["--concise"], "show only the answer (default)", |o| o.verbose = false),
    flag(&["-v", "--version"], "show the version of this client", |o| o.version = true),
];

const fn flag(
    names: &'static [&'static str],
    help: &'static str,
    set: fn(&mut Options),
) -> OptionSpec {
    OptionSpec { names, value: None, help, set: Set::Flag(set) }
}

/// Why the client's own options cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("mgrctl: error: argument {option}: {reason}; see mgrctl -h")]
pub(super) struct UsageError {
    option: String,
    #[source]
    reason: BadOption,
}

/// What is wrong with an option.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum BadOption {
    #[error("expected one value")]
    NoValue,
    #[error("it takes no value, but has '{0}'")]
    FlagValue(String),
    #[error("invalid choice: '{0}' (choose from {formats})", formats = FORMATS.join(", "))]
    Format(String),
    #[error("invalid number of seconds: '{0}'")]
    Seconds(String),
}

/// Takes the client's own options out of the command line, at any position before a `--`.
pub(super) fn parse(argv: &[String]) -> Result<(Options, Vec<String>), UsageError> {
    let mut options = Options::default();
    let mut words = Vec::new();
    let mut argv = argv.iter();
    while let Some(word) = argv.next() {
        if word == "--" {
            // The rest is for the manager, which takes it as plain words.
            words.push(word.clone());
            words.extend(argv.cloned());
            break;
        }
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (word.as_str(), None),
        };
        let Some(spec) = OPTIONS.iter().find(|spec| spec.names.contains(&name)) else {
            words.push(word.clone());
            continue;
        };
        let error = |reason| UsageError { option: spec.names.join("/"), reason };
        match (&spec.set, value) {
            (Set::Flag(set), None) => set(&mut options),
            (Set::Flag(_), Some(value)) => {
                return Err(error(BadOption::FlagValue(value.to_owned())));
            }
            (Set::Value(set), Some(value)) => set(&mut options, value).map_err(error)?,
            (Set::Value(set), None) => {
                let value = argv.next().ok_or_else(|| error(BadOption::NoValue))?;
                set(&mut options, value).map_err(error)?;
            }
        }
    }
    Ok((options, words))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all setters")]
fn set<T>(place: &mut Option<T>, value: T) -> Result<(), BadOption> {
    *place = Some(value);
    Ok(())
}

fn level(options: &mut Options, level: LogPriority) {
    options.watch().level = level;
}

fn set_format(options: &mut Options, value: &str) -> Result<(), BadOption> {
    if !FORMATS.contains(&value) && !OF_MODULES.contains(&value) {
        return Err(BadOption::Format(value.to_owned()));
    }
    value.clone_into(&mut options.format);
    Ok(())
}

fn set_period(options: &mut Options, value: &str) -> Result<(), BadOption> {
    let bad = || BadOption::Seconds(value.to_owned());
    let seconds: f64 = value.parse().map_err(|_| bad())?;
    if Duration::try_from_secs_f64(seconds.max(0.0)).is_err() || seconds.is_nan() {
        return Err(bad());
    }
    set(&mut options.period, seconds)
}

fn whole_seconds(value: &str) -> Result<Duration, BadOption> {
    value.parse().map(Duration::from_secs).map_err(|_| BadOption::Seconds(value.to_owned()))
}

/// The value of an option from a variable of the environment, if it is set.
pub(super) fn seconds_of(variable: &str) -> Result<Option<Duration>, UsageError> {
    let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let seconds = whole_seconds(&value.to_string_lossy());
    seconds.map(Some).map_err(|reason| UsageError { option: variable.to_owned(), reason })
}

#[cfg(test)]
mod tests;
