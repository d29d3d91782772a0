//! What misbehaves in each row.

/// One misbehaviour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) parts: &'static [Part],
}

/// What misbehaves, or has to be there for it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// This many modules in Python that do what this method of `hostile.py` does.
    Python(usize, &'static str),
    /// A module in Rust with this switch; see `src/bin/rogue`.
    Rust(&'static str),
    /// A client on the public socket; see `src/bin/hostile`.
    Client(&'static str),
    /// A client on the socket of the modules.
    Stranger(&'static str),
    /// The limits of a module, as in its `module.toml`.
    Limits(&'static str),
    /// Settings of `mgrd`.
    Settings(&'static str),
    /// The data are on a file system of this size in MiB.
    SmallDisk(usize),
    /// The log is a pipe that nothing reads.
    StalledLog,
    /// This many folders of modules, each with this content of `module.toml`.
    Folders(usize, &'static str),
}

use Part::{Client, Folders, Limits, Python, Rust, Settings, SmallDisk, StalledLog, Stranger};

const fn row(name: &'static str, parts: &'static [Part]) -> Row {
    Row { name, parts }
}

/// All rows: processes, output and texts, calls of modules, clients, strangers, feeds, files.
pub(super) const ROWS: &[Row] = &[
    row("nothing misbehaves", &[]),
    row("a module ends at each start", &[Python(1, "exits")]),
    row("20 modules end at each start", &[Python(20, "exits")]),
    row("10 modules abort", &[Python(10, "aborts")]),
    row("a Rust module ends at each start", &[Rust("crash")]),
    row("a module ends with large last words", &[Python(4, "dies_with_words")]),
    row("serve raises 30 MB of text", &[Python(2, "raises")]),
    row("never says hello", &[Rust("no-hello")]),
    row(
        "is enabled and disabled again and again",
        &[
            Python(1, "behaves"),
            Client("repeat 1 mgr module enable behaves0"),
            Client("repeat 1 mgr module disable behaves0"),
        ],
    ),
    row(
        "is restarted again and again",
        &[Python(1, "behaves"), Client("repeat 2 mgr module restart behaves0")],
    ),
    row("8 threads spin", &[Python(1, "spins")]),
    row("4 modules with 8 threads spin", &[Python(4, "spins")]),
    row("50 children spin", &[Python(1, "spinning_children")]),
    row("50 detached children spin", &[Python(1, "spinning_sessions")]),
    row("memory grows to its limit", &[Limits("memory = '300M'"), Python(1, "grows")]),
    row("processes without end", &[Limits("processes = 300"), Python(1, "forks")]),
    row("processes that replace themselves", &[Python(1, "replaces")]),
    row("short-lived children", &[Python(1, "short_children")]),
    row("threads without end", &[Python(1, "starts_threads")]),
    row("files without end", &[Python(1, "opens")]),
    row("stops, with commands that wait", &[Python(1, "stops"), Client("repeat 300 stops0 echo")]),
    row(
        "a module blocks, with commands that wait",
        &[
            Rust("quiet"),
            Client("repeat 1 quiet misbehave block"),
            Client("repeat 300 quiet echo x"),
        ],
    ),
    row("two modules wait for each other", &[Python(2, "waits_for_other")]),
    row("short lines of output (Python)", &[Python(1, "prints")]),
    row("short lines of output (Rust)", &[Rust("chatty")]),
    row("empty lines of output", &[Rust("blank")]),
    row("long lines of output", &[Rust("noisy")]),
    row("8 KB lines of output", &[Python(1, "prints_lines")]),
    row("output without a line end", &[Python(1, "prints_no_line")]),
    row("control characters in output", &[Python(1, "prints_controls")]),
    row("10 modules write short lines", &[Python(10, "prints")]),
    row("log records", &[Python(1, "logs")]),
    row("large log records", &[Python(1, "logs_much")]),
    row("the cluster log", &[Python(1, "writes_cluster_log")]),
    row(
        "the cluster log, with slow subscribers",
        &[Python(1, "writes_cluster_log"), Client("watch-unread 64")],
    ),
    row("100,000 options", &[Python(1, "declares")]),
    row("many health checks", &[Python(1, "checks")]),
    row("small health checks that change", &[Python(1, "checks_small")]),
    row("huge health checks", &[Python(1, "checks_huge")]),
    row("options that change", &[Python(1, "sets_options")]),
    row("large options that change", &[Python(1, "sets_large_options")]),
    row("writes to the store", &[Python(1, "stores")]),
    row("ever more keys of a store", &[Python(1, "stores_keys")]),
    row("large writes to the store", &[Python(1, "stores_large")]),
    row("a large store, and crashes", &[Python(1, "stores_much")]),
    row("progress events", &[Python(1, "reports_progress")]),
    row("progress events that end", &[Python(1, "ends_progress")]),
    row("remote calls to the quiet module", &[Python(1, "calls_neighbour")]),
    row("remote calls with 60 MB", &[Python(1, "calls_with_much")]),
    row("remote calls of nothing", &[Python(1, "calls_nothing")]),
    row("commands of a module", &[Python(1, "runs_commands")]),
    row("commands of 30 MB of a module", &[Python(1, "runs_huge_commands")]),
    row("documents that change and are read", &[Python(1, "reads_documents")]),
    row(
        "notifications that are not handled",
        &[
            Python(1, "ignores_notifications"),
            Client("repeat 8 config set mgr mgr/ignores_notifications0/text %"),
        ],
    ),
    row(
        "changes for a stopped module",
        &[Python(1, "stops"), Client("repeat 8 config set mgr mgr/stops0/text %")],
    ),
    row("addresses of a module", &[Rust("uris")]),
    row("calls with the secret", &[Rust("calls")]),
    row("calls with the secret that are cancelled", &[Rust("resets")]),
    row("calls that do not exist, with the secret", &[Rust("unknown")]),
    row("messages in parts of one byte", &[Rust("bytes")]),
    row("window updates of a module", &[Rust("windows")]),
    row("settings of a module", &[Rust("settings")]),
    row("pings of a module", &[Rust("pings")]),
    row("garbage of a module", &[Rust("garbage")]),
    row("unfinished messages of a module", &[Rust("unfinished")]),
    row(
        "answers to calls that were never sent",
        &[Rust("quiet"), Client("repeat 8 quiet misbehave nonsense")],
    ),
    row(
        "answers without an outcome",
        &[Rust("quiet"), Client("repeat 8 quiet misbehave no-outcome")],
    ),
    row("huge answers (Rust)", &[Rust("quiet"), Client("repeat 4 quiet misbehave huge 100")]),
    row("huge answers (Python)", &[Python(1, "behaves"), Client("repeat 4 behaves0 much 50")]),
    row(
        "500 commands without an answer",
        &[Python(1, "behaves"), Client("repeat 500 behaves0 sleep")],
    ),
    row("commands whose clients leave", &[Client("leave 64 hello")]),
    row("commands of 64 clients", &[Client("repeat 64 hello")]),
    row("commands that do not exist", &[Client("repeat 64 no such command")]),
    row("status of 64 clients", &[Client("repeat 64 status")]),
    row("help of 64 clients", &[Client("repeat 64 help")]),
    row("lists of modules of 64 clients", &[Client("repeat 64 mgr module ls")]),
    row("stacks of modules", &[Client("repeat 8 mgr module stacks hello")]),
    row("writes of clients", &[Client("repeat 64 config-key set flood/% x")]),
    row("large writes of clients", &[Client("words 500000")]),
    row("options of a client", &[Client("repeat 16 config set mgr flood/% x")]),
    row("words of 60 MB", &[Client("words 60000000")]),
    row("input of 60 MB", &[Client("input 60000000")]),
    row("reports of crashes", &[Client("posts")]),
    row("answers that are not read", &[Client("unread calls")]),
    row("calls of a client", &[Client("flood calls")]),
    row("calls of a client that are cancelled", &[Client("flood resets")]),
    row("calls of a client that do not exist", &[Client("flood unknown")]),
    row("garbage of a client", &[Client("flood garbage")]),
    row("unfinished messages of a client", &[Client("flood unfinished")]),
    row("parts of one byte of a client", &[Client("flood bytes")]),
    row("window updates of a client", &[Client("flood windows")]),
    row("settings of a client", &[Client("flood settings")]),
    row("pings of a client", &[Client("flood pings")]),
    row("new connections of a client", &[Client("connect")]),
    row("silent connections of a client", &[Client("hold")]),
    row("clients that follow the log", &[Client("watch 64")]),
    row(
        "clients that do not read the log",
        &[Client("watch-unread 400"), Client("repeat 8 config set mgr flood/% x")],
    ),
    row("backups", &[Client("backup")]),
    row("backups that are not read", &[Client("backup-unread")]),
    row("calls without a secret", &[Stranger("flood calls")]),
    row(
        "calls with a wrong secret",
        &[Stranger("flood calls 0000000000000000000000000000000000000000000000000000000000000000")],
    ),
    row("cancelled calls without a secret", &[Stranger("flood resets")]),
    row("calls that do not exist", &[Stranger("flood unknown")]),
    row("garbage for modules", &[Stranger("flood garbage")]),
    row("unfinished messages without a secret", &[Stranger("flood unfinished")]),
    row("window updates without a secret", &[Stranger("flood windows")]),
    row("settings without a secret", &[Stranger("flood settings")]),
    row("pings without a secret", &[Stranger("flood pings")]),
    row("new connections without a secret", &[Stranger("connect")]),
    row("silent connections without a secret", &[Stranger("hold")]),
    row("a feed with many documents", &[Client("feed documents")]),
    row("a feed whose map changes", &[Client("feed changes")]),
    row("a feed with large documents", &[Client("feed large-documents")]),
    row("a feed with many daemons", &[Client("feed daemons")]),
    row("a feed with large daemons", &[Client("feed large-daemons")]),
    row("a feed that logs", &[Client("feed log")]),
    row("a feed that notifies", &[Python(4, "behaves"), Client("feed notifications")]),
    row(
        "its folder changes all the time",
        &[Python(1, "touches"), Client("repeat 2 mgr module ls")],
    ),
    row(
        "many files in its folder",
        &[Python(1, "makes_files"), Client("repeat 1 mgr module restart makes_files0")],
    ),
    row(
        "an 8 GiB file in its folder",
        &[Python(1, "makes_large_file"), Client("repeat 1 mgr module restart makes_large_file0")],
    ),
    row("module.toml becomes a pipe", &[Python(1, "makes_fifo")]),
    row("module.toml becomes a device", &[Python(1, "makes_device")]),
    row(
        "200 folders of modules",
        &[
            Folders(200, "[module]\nexec = ['/bin/sleep', '1000']\n"),
            Client("repeat 4 mgr module ls"),
        ],
    ),
    row("a reader of the log that stalls", &[StalledLog, Rust("noisy"), Python(1, "logs")]),
    row("a full disk", &[SmallDisk(8), Settings(""), Python(1, "stores_large")]),
];
