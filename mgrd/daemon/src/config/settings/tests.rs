use mgrd_snapshots::assert_text;

use super::*;

fn settings(words: &[&str]) -> Result<Settings, ConfigError> {
    let words = std::iter::once("mgrd").chain(words.iter().copied());
    Cli::read(words.map(OsString::from)).unwrap().settings()
}

#[test]
fn a_flag_overrides_the_file_and_the_file_overrides_the_default() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mgrd.toml");
    std::fs::write(&file, "id = 'from-file'\nmodule_path = '/a:/b'\n[limits.module]\nnice = 7\n")
        .unwrap();
    let file = file.to_str().unwrap();
    let settings = settings(&["--config", file, "--id", "from-flag"]).unwrap();
    assert_eq!(settings.id, "from-flag");
    assert_eq!(settings.module_path, [PathBuf::from("/a"), PathBuf::from("/b")]);
    assert_eq!(settings.python, PathBuf::from("python3"));
    assert_eq!(settings.limits.module.modules.process.nice, 7);
}

#[test]
fn each_module_can_have_a_user_and_the_flag_is_for_those_that_have_none() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mgrd.toml");
    let read = |text: &str, words: &[&str]| {
        std::fs::write(&file, text).unwrap();
        settings(&[&["--config", file.to_str().unwrap()], words].concat()).map(|all| all.users)
    };
    let text = "run_as = 'all'\n[modules.a]\nrun_as = 'one:two'\n[modules.b]\n";
    let users = |users: &Users, name| users.of(name).map(ToString::to_string);
    let from_file = read(text, &[]).unwrap();
    assert_eq!(["a", "b"].map(|name| users(&from_file, name).unwrap()), ["one:two", "all"]);
    let from_flag = read(text, &["--run-as", "flag"]).unwrap();
    assert_eq!(["a", "b"].map(|name| users(&from_flag, name).unwrap()), ["one:two", "flag"]);
    assert_eq!(users(&read("", &[]).unwrap(), "a"), None);
    for (text, place) in
        [("run_as = ''", "run_as: "), ("[modules.a]\nrun_as = 'a b'", "modules.a.run_as: ")]
    {
        let why = read(text, &[]).unwrap_err().to_string();
        assert!(why.starts_with(place), "{why}");
    }
    assert!(read("[modules.a]\nuser = 'x'", &[]).unwrap_err().to_string().contains("run_as"));
}

#[test]
fn each_module_can_have_walls_and_the_flag_is_for_those_that_have_none() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mgrd.toml");
    let read = |text: &str, words: &[&str]| {
        std::fs::write(&file, text).unwrap();
        settings(&[&["--config", file.to_str().unwrap()], words].concat()).map(|all| all.sandboxes)
    };
    let text = "sandbox = ['private_tmp']\n[modules.a]\nsandbox = []\n";
    let from_file = read(text, &[]).unwrap();
    assert_eq!(["a", "b"].map(|name| from_file.of(name).to_string()), ["", "private_tmp"]);
    let from_flag = read(text, &["--sandbox", "read_only,private_tmp"]).unwrap();
    assert_eq!(["a", "b"].map(|name| from_flag.of(name).names().len()), [0, 2]);
    for text in ["sandbox = ['tmp']", "[modules.a]\nsandbox = ['']"] {
        let why = read(text, &[]).unwrap_err().to_string();
        assert!(why.starts_with("sandbox: "), "{why}");
    }
}

#[test]
fn invalid_values_are_refused_by_name() {
    let why = settings(&["--replay-speed", "0"]).unwrap_err().to_string();
    assert!(why.starts_with("replay_speed: "), "{why}");
    let why = settings(&["--id", "a/b"]).unwrap_err().to_string();
    assert!(why.contains("'a/b'"), "{why}");
}

#[test]
fn an_invalid_value_is_named_by_its_flag_or_its_variable() {
    let mut command = Cli::command();
    for (words, variable) in [
        (["mgrd", "--replay-loop=yes"], "MGRD_REPLAY_LOOP"),
        (["mgrd", "--log-level=loud"], "MGRD_LOG_LEVEL"),
        (["mgrd", "--metrics=9284"], "MGRD_METRICS"),
    ] {
        let mut refused = |given: &[&str]| {
            let error = command.try_get_matches_from_mut(words).unwrap_err();
            let given: Vec<OsString> = given.iter().map(OsString::from).collect();
            complete(error, &command, &given).render().to_string()
        };
        let flag = words[1].split('=').next().unwrap();
        let from_flag = refused(&words);
        assert!(from_flag.contains(flag) && !from_flag.contains(variable), "{from_flag}");
        let from_variable = refused(&["mgrd"]);
        assert!(
            from_variable.contains(variable) && !from_variable.contains(flag),
            "{from_variable}"
        );
    }
}

/// What `mgrd` prints instead of running.
fn printed(line: &str) -> String {
    let refused = Cli::read(line.split(' ').map(OsString::from)).unwrap_err();
    format!("$ {line}\n{}", refused.render()).replace(env!("CARGO_PKG_VERSION"), "x.y.z")
}

/// The help pages of a command and of all its subcommands.
fn pages(command: &clap::Command, line: &str) -> Vec<String> {
    let below = command.get_subcommands();
    let below = below.flat_map(|command| pages(command, &format!("{line} {}", command.get_name())));
    std::iter::once(printed(&format!("{line} --help"))).chain(below).collect()
}

#[test]
fn help() {
    assert_text!("help", pages(&Cli::command(), "mgrd").join("\n\n"));
}

#[test]
fn texts_of_wrong_command_lines() {
    let lines = [
        "mgrd --version",
        "mgrd --modul-path=/a",
        "mgrd start",
        "mgrd --log-format=xml",
        "mgrd --log-level=loud",
        "mgrd --log-level info,foo=loud",
        "mgrd storag check",
        "mgrd storage chek",
        "mgrd --metrics=9283",
        "mgrd --replay-speed=fast",
        "mgrd storage",
        "mgrd storage import",
    ];
    assert_text!("refused", lines.map(printed).join("\n\n"));
}
