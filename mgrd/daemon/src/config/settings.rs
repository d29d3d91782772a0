//! The settings from all places together.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use mgrd_transport::default_socket;

use super::command_line_error::complete;
use super::data_dir::default_data_dir;
use super::error::ConfigError;
use super::file::{ConfigFile, OneModule};
use super::limits::Limits;
use super::log_format::LogFormat;
use super::log_level::LogLevel;
use super::values::{address, number};
use crate::feed::Pace;
use crate::module::{RunAs, Sandbox, Sandboxes, Users};

/// Runs the manager modules of a storage cluster, each in its own process.
#[derive(Debug, Parser)]
#[command(name = "mgrd", version)]
pub struct Cli {
    #[command(subcommand)]
    tool: Option<Tool>,
    #[command(flatten)]
    flags: Flags,
}

/// Work on the data directory while no `mgrd` uses it.
#[derive(Debug, Subcommand)]
pub enum Tool {
    /// Check, export or import the storage of a data directory.
    Storage {
        /// What to do.
        #[command(subcommand)]
        action: StorageAction,
    },
}

/// What to do with the storage.
#[derive(Clone, Debug, Subcommand)]
pub enum StorageAction {
    /// Read everything, verify the checksums, and print a summary.
    Check {
        /// A backup or export to verify, instead of the storage of the data directory; `-` is the standard
        /// input.
        file: Option<PathBuf>,
    },
    /// Write all keys and values as JSON lines to FILE, or to the standard output.
    Export {
        /// The file to create; `-` is the standard output.
        file: Option<PathBuf>,
        /// Replace the file if it exists.
        #[arg(long)]
        force: bool,
    },
    /// Read the output of `export` into an empty storage.
    Import {
        /// The file to read; `-` is the standard input.
        file: PathBuf,
        /// Replace the content of the storage.
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Args)]
struct Flags {
    /// The folder for the storage, created with mode 0700 (default: /var/lib/mgrd for root, for others
    /// mgrd in $XDG_STATE_HOME or ~/.local/state).
    #[arg(long, env = "MGRD_DATA_DIR", value_name = "DIR", global = true)]
    data_dir: Option<PathBuf>,
    /// The name of this manager (default: the short host name).
    #[arg(long, env = "MGRD_ID", value_name = "NAME")]
    id: Option<String>,
    /// The Unix socket that clients and feeds connect to (default: $XDG_RUNTIME_DIR/mgrd/mgrd.sock; if
    /// that is not set, /run/mgrd/mgrd.sock for root and /tmp/mgrd-UID/mgrd.sock for others).
    #[arg(long, env = "MGRD_SOCKET", value_name = "PATH")]
    socket: Option<PathBuf>,
    /// Folders that hold module folders (default: /usr/lib/mgrd/modules).
    #[arg(long, env = "MGRD_MODULE_PATH", value_name = "DIR[:DIR…]")]
    module_path: Option<String>,
    /// Modules to enable in a new data directory, separated by commas (default: none).
    #[arg(long, env = "MGRD_INITIAL_MODULES", value_name = "NAMES")]
    initial_modules: Option<String>,
    /// The recording of a cluster to play (default: none).
    #[arg(long, env = "MGRD_REPLAY", value_name = "FILE")]
    replay: Option<PathBuf>,
    /// The speed of the recording: 10 plays it ten times as fast as it happened (default: 1).
    #[arg(long, env = "MGRD_REPLAY_SPEED", value_name = "X", value_parser = number)]
    replay_speed: Option<f64>,
    /// Start the recording again when it ends (default: false).
    #[arg(long, env = "MGRD_REPLAY_LOOP", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    replay_loop: Option<bool>,
    /// The Python that runs modules written in Python (default: python3).
    #[arg(long, env = "MGRD_PYTHON", value_name = "PATH")]
    python: Option<PathBuf>,
    /// The form of log lines (default: human).
    #[arg(long, env = "MGRD_LOG_FORMAT", value_name = "FORMAT")]
    log_format: Option<LogFormat>,
    /// What is logged: error, warn, info, debug or trace, or a list such as info,mgrd::module=debug
    /// (default: info).
    #[arg(long, env = "MGRD_LOG_LEVEL", value_name = "LEVEL")]
    log_level: Option<LogLevel>,
    /// The log file (default: the standard error output).
    #[arg(long, env = "MGRD_LOG_FILE", value_name = "PATH")]
    log_file: Option<PathBuf>,
    /// The local address on which Prometheus reads the metrics of mgrd itself, such as 127.0.0.1:9284
    /// (default: none).
    #[arg(long, env = "MGRD_METRICS", value_name = "ADDRESS:PORT", value_parser = address)]
    metrics: Option<SocketAddr>,
    /// The Ceph configuration that modules use to reach RADOS (default: none).
    #[arg(long, env = "MGRD_CEPH_CONF", value_name = "FILE")]
    ceph_conf: Option<PathBuf>,
    /// Let clients evaluate expressions inside modules that offer it, for debugging (default: false).
    #[arg(long, env = "MGRD_ALLOW_EVAL", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    allow_eval: Option<bool>,
    /// The user that modules run as, if mgrd is root (default: the user of mgrd).
    #[arg(long, env = "MGRD_RUN_AS", value_name = "USER[:GROUP]")]
    run_as: Option<String>,
    /// Keep modules from the files of the system, by private_tmp and read_only, separated by commas
    /// (default: none).
    #[arg(long, env = "MGRD_SANDBOX", value_name = "NAMES")]
    sandbox: Option<String>,
    /// A TOML file with any of these settings and the limits. Flags and environment variables override
    /// it (default: none).
    #[arg(long, env = "MGRD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// The settings of a running `mgrd`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder for the storage.
    pub data_dir: PathBuf,
    /// The name of this manager.
    pub id: String,
    /// The public socket.
    pub socket: PathBuf,
    /// Folders that hold module folders.
    pub module_path: Vec<PathBuf>,
    /// Modules to enable in a new data directory.
    pub initial_modules: Vec<String>,
    /// The recording to play, and how.
    pub replay: Option<(PathBuf, Pace)>,
    /// The Python for modules in Python.
    pub python: PathBuf,
    /// The format of log lines.
    pub log_format: LogFormat,
    /// The log level.
    pub log_level: LogLevel,
    /// The log file. `None` means the standard error output.
    pub log_file: Option<PathBuf>,
    /// Where Prometheus reads the metrics of `mgrd` itself.
    pub metrics: Option<SocketAddr>,
    /// A Ceph configuration for modules.
    pub ceph_conf: Option<PathBuf>,
    /// Whether modules may evaluate expressions that clients send.
    pub allow_eval: bool,
    /// The users that modules run as.
    pub users: Users,
    /// The walls around modules.
    pub sandboxes: Sandboxes,
    /// The limits of modules, feeds and clients.
    pub limits: Limits,
}

impl Cli {
    /// Reads a command line, which begins with the name of the program. The help names the
    /// environment variables without their values.
    ///
    /// # Errors
    ///
    /// If the command line is invalid. The help and the version are errors too.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let words: Vec<_> = words.into_iter().collect();
        let mut command = Self::command().mut_args(|arg| arg.hide_env_values(true));
        let matches = command.try_get_matches_from_mut(&words);
        let matches = matches.map_err(|why| complete(why, &command, &words))?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }

    /// The tool to run instead of the manager, if there is one.
    #[must_use]
    pub fn tool(&self) -> Option<&Tool> {
        self.tool.as_ref()
    }

    /// All settings together.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or a value is invalid.
    pub fn settings(self) -> Result<Settings, ConfigError> {
        self.flags.into_settings()
    }
}

impl Flags {
    fn into_settings(self) -> Result<Settings, ConfigError> {
        let file = match &self.config {
            Some(path) => ConfigFile::read(path)?,
            None => ConfigFile::default(),
        };
        let speed = self.replay_speed.or(file.replay_speed).unwrap_or(1.0);
        let repeat = self.replay_loop.or(file.replay_loop).unwrap_or(false);
        let pace = Pace::new(speed, repeat).map_err(|why| bad("replay_speed", why))?;
        let id = match self.id.or(file.id) {
            Some(id) => checked_id(id)?,
            None => hostname(),
        };
        Ok(Settings {
            data_dir: absolute(self.data_dir.or(file.data_dir).unwrap_or_else(default_data_dir)),
            id,
            socket: absolute(self.socket.or(file.socket).unwrap_or_else(default_socket)),
            module_path: folders(self.module_path.or(file.module_path).as_deref()),
            initial_modules: names(self.initial_modules.or(file.initial_modules).as_deref()),
            replay: self.replay.or(file.replay).map(|path| (absolute(path), pace)),
            python: program(self.python.or(file.python).unwrap_or_else(|| "python3".into())),
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
            log_level: self.log_level.or(file.log_level).unwrap_or_default(),
            log_file: self.log_file.or(file.log_file).map(absolute),
            metrics: self.metrics.or(file.metrics),
            ceph_conf: self.ceph_conf.or(file.ceph_conf).map(absolute),
            allow_eval: self.allow_eval.or(file.allow_eval).unwrap_or(false),
            users: users(self.run_as.or(file.run_as), &file.modules)?,
            sandboxes: sandboxes(
                self.sandbox.map(|list| names(Some(&list))).or(file.sandbox),
                &file.modules,
            )?,
            limits: file.limits,
        })
    }
}

/// The users of all modules.
fn users(all: Option<String>, modules: &BTreeMap<String, OneModule>) -> Result<Users, ConfigError> {
    let read = |place: String, text: &str| RunAs::read(text).map_err(|why| bad(place, why));
    let own = modules.iter().filter_map(|(name, module)| Some((name, module.run_as.as_ref()?)));
    let own =
        own.map(|(name, text)| Ok((name.clone(), read(format!("modules.{name}.run_as"), text)?)));
    let all = all.map(|text| read("run_as".to_owned(), &text)).transpose()?;
    Ok(Users { all, own: own.collect::<Result<_, _>>()? })
}

/// The walls around all modules.
fn sandboxes(
    all: Option<Vec<String>>,
    modules: &BTreeMap<String, OneModule>,
) -> Result<Sandboxes, ConfigError> {
    let read = |names: &Vec<String>| {
        Sandbox::read(names.iter().map(String::as_str)).map_err(|why| bad("sandbox", why))
    };
    let own = modules.iter().filter_map(|(name, module)| Some((name, module.sandbox.as_ref()?)));
    let own = own.map(|(name, names)| Ok((name.clone(), read(names)?)));
    let all = all.as_ref().map(read).transpose()?.unwrap_or_default();
    Ok(Sandboxes { all, own: own.collect::<Result<_, _>>()? })
}

fn bad(place: impl Into<String>, why: impl std::fmt::Display) -> ConfigError {
    ConfigError::Value { place: place.into(), why: why.to_string() }
}

fn checked_id(id: String) -> Result<String, ConfigError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !id.is_empty() && id.chars().all(fits) {
        return Ok(id);
    }
    Err(bad(
        "id",
        format!("'{id}' is not a name for a manager; use letters, digits, '-', '_', '.'"),
    ))
}

fn hostname() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    let short = name.as_deref().and_then(|name| name.split('.').next());
    short.filter(|name| !name.is_empty()).unwrap_or("mgr").to_owned()
}

fn folders(path: Option<&str>) -> Vec<PathBuf> {
    let path = path.unwrap_or("/usr/lib/mgrd/modules");
    path.split(':').filter(|folder| !folder.is_empty()).map(PathBuf::from).map(absolute).collect()
}

/// Modules run in their own folders, where a relative path would mean something else.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// A name without a slash is looked up in PATH. Any other is a path.
fn program(path: PathBuf) -> PathBuf {
    if path.components().count() > 1 { absolute(path) } else { path }
}

fn names(list: Option<&str>) -> Vec<String> {
    let names = list.unwrap_or_default().split(',').map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
