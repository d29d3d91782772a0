use super::*;

fn settings(words: &[&str]) -> Result<Settings, ConfigError> {
    let words = std::iter::once("mgrd").chain(words.iter().copied());
    Cli::try_parse_from(words).unwrap().settings()
}

#[test]
fn a_flag_beats_the_file_and_the_file_beats_the_default() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mgrd.toml");
    std::fs::write(&file, "id = 'from-file'\nmodule_path = '/a:/b'\n[limits.module]\nnice = 7\n")
        .unwrap();
    let file = file.to_str().unwrap();
    let told = settings(&["--config", file, "--id", "from-flag"]).unwrap();
    assert_eq!(told.id, "from-flag");
    assert_eq!(told.module_path, [PathBuf::from("/a"), PathBuf::from("/b")]);
    assert_eq!(told.python, PathBuf::from("python3"));
    assert_eq!(told.limits.module.nice, 7);
}

#[test]
fn values_that_do_not_fit_are_refused_by_name() {
    let why = settings(&["--replay-speed", "0"]).unwrap_err().to_string();
    assert!(why.starts_with("replay_speed: "), "{why}");
    let why = settings(&["--id", "a/b"]).unwrap_err().to_string();
    assert!(why.contains("'a/b'"), "{why}");
}
