use mgrd_snapshots::assert_text;

use super::*;

#[test]
fn a_call_of_exit_or_quit_ends_it() {
    assert!(ends("exit()") && ends(" quit() "));
    assert!(!ends("exit") && !ends("print('exit()')"));
}

#[test]
fn the_command_that_evaluates_can_be_chosen() {
    let parse = |words: &[&str]| {
        Arguments::parse(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(parse(&[]).unwrap().prefix, ["mgr", "self-test", "eval"]);
    assert_eq!(parse(&["--prefix", "mgr my eval"]).unwrap().prefix, ["mgr", "my", "eval"]);
    assert_eq!(parse(&["--prefix=x"]).unwrap().prefix, ["x"]);
    assert!(parse(&["--show-env"]).unwrap().show_env);
    for bad in [&["x"][..], &["--prefix"], &["--prefix="], &["--prefix", "'"]] {
        assert!(parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn texts() {
    let wrong = Arguments::parse(&["--help".to_owned()]).err().unwrap();
    assert_text!("repl_wrong", format!("$ mgrctl repl --help\n{wrong}"));
}
