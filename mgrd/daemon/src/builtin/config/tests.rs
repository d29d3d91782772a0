use std::sync::Arc;

use mgrd_snapshots::assert_text;
use mgrd_storage::embedded::EmbeddedStorage;
use serde_json::{Value, json};

use super::*;
use crate::builtin::Format;
use crate::builtin::tests::harness::Terminal;
use crate::options::{Limits, OptionSchema, OptionType};

fn options() -> Options {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let options = Options::new(storage, "x", Limits::default());
    let ten = OptionSchema::new("count", OptionType::Int, "3", "how many");
    let bounds = OptionSchema { min: Some("1".into()), max: Some("10".into()), ..ten };
    let place = OptionSchema::new("place", OptionType::Str, "World", "whom to greet");
    let choice = OptionSchema {
        enum_allowed: vec!["a".into(), "b".into()],
        runtime: false,
        ..OptionSchema::new("mode", OptionType::Str, "a", "")
    };
    options.schemas.declare("hello", vec![bounds, place, choice]);
    options
}

/// Runs a command given as its literal words and arguments in order.
async fn run(options: &Options, words: &str, args: &[&str], format: Format) -> Outcome {
    let command = COMMANDS.iter().find(|c| {
        let literal = c.cmd.split(' ').filter(|word| !word.is_empty() && !word.contains('='));
        literal.collect::<Vec<_>>().join(" ") == words
    });
    let command = command.unwrap();
    let names = command.cmd.split(' ').filter_map(|word| word.strip_prefix("name="));
    let names = names.filter_map(|word| word.split_once(','));
    let value = |spec: &str, text: &str| match spec.contains("CephString") {
        true => Value::from(text),
        false => serde_json::from_str(text).unwrap(),
    };
    let args = names.zip(args).map(|((name, spec), text)| (name.to_owned(), value(spec, text)));
    let request = Request { args: args.collect(), format, ..Request::default() };
    (command.run)(options, &request).await
}

async fn plain(options: &Options, words: &str, args: &[&str]) -> String {
    let outcome = run(options, words, args, Format::Plain).await;
    assert_eq!((outcome.retval, outcome.stderr.as_str()), (0, ""), "{words} {args:?}");
    String::from_utf8(outcome.stdout.to_vec()).unwrap()
}

async fn object(options: &Options, words: &str, args: &[&str]) -> Value {
    let outcome = run(options, words, args, Format::Json).await;
    serde_json::from_slice(&outcome.stdout).unwrap()
}

#[tokio::test]
async fn options_are_shown_aligned_and_by_section() {
    let options = options();
    let set = async |who, name, value| {
        assert_eq!(plain(&options, "config set", &[who, name, value]).await, "");
    };
    set("mgr.x", "mgr/hello/place", "here").await;
    set("mgr", "mgr/hello/mode", "b").await;
    set("osd/class:ssd", "osd_memory_target", "4K").await;
    set("global", "debug_mgr", "2/5").await;
    let table = "\
WHO        MASK       LEVEL     OPTION             VALUE  RO
global                advanced  debug_mgr          2/5
  mgr                 advanced  mgr/hello/mode     b      *
    mgr.x             advanced  mgr/hello/place    here
  osd      class:ssd  advanced  osd_memory_target  4096
";
    assert_eq!(plain(&options, "config dump", &[]).await, table);
    let dump = object(&options, "config dump", &[]).await;
    let first = json!({"section": "global", "name": "debug_mgr", "value": "2/5",
        "level": "advanced", "can_update_at_runtime": true, "mask": ""});
    assert_eq!(dump[0], first);
    let section = object(&options, "config get", &["mgr.x"]).await;
    let mode = json!({"value": "b", "section": "mgr", "mask": {}, "can_update_at_runtime": false});
    assert_eq!(section["mgr/hello/mode"], mode);
}

#[tokio::test]
async fn one_value_is_printed_alone_in_every_format() {
    let options = options();
    for format in [Format::Plain, Format::Json] {
        let got = run(&options, "config get", &["mgr", "mgr/hello/count"], format).await;
        assert_eq!(got.stdout, "3\n");
    }
    plain(&options, "config set", &["mgr", "mgr/hello/count", "7"]).await;
    assert_eq!(plain(&options, "config get", &["mgr", "mgr/hello/count"]).await, "7\n");
    plain(&options, "config rm", &["mgr", "mgr/hello/count"]).await;
    plain(&options, "config rm", &["mgr", "mgr/hello/count"]).await;
    assert_eq!(plain(&options, "config get", &["mgr", "mgr/hello/count"]).await, "3\n");
}

#[tokio::test]
async fn people_see_control_characters_and_programs_get_them_unchanged() {
    let options = options();
    let help = "two\nDefault: \u{1b}[2J";
    let motd = OptionSchema::new("motd", OptionType::Str, "", help);
    options.schemas.declare("greeter", vec![motd]);
    let (who, key, value) = ("mgr.x", "mgr/greeter/motd", "a\u{1b}[2J\r\nb\u{202e}");
    plain(&options, "config set", &[who, key, value]).await;
    for command in ["config get", "config show"] {
        assert_eq!(plain(&options, command, &[who, key]).await, "a\\u{1b}[2J\\r\nb\\u{202e}\n");
        let raw = run(&options, command, &[who, key], Format::Json).await;
        assert_eq!(raw.stdout, format!("{value}\n"));
    }
    let manual = plain(&options, "config help", &[key]).await;
    assert!(manual.starts_with("mgr/greeter/motd - two\n    Default: \\u{1b}[2J\n"), "{manual}");
    assert_eq!(object(&options, "config help", &[key]).await["desc"], help);
    let log = plain(&options, "config log", &[]).await;
    assert!(log.ends_with("= a\\u{1b}[2J\\r\n    b\\u{202e}\n"), "{log}");
}

#[tokio::test]
async fn errors_have_the_numbers_and_words_of_ceph() {
    let options = options();
    for (words, args, errno, text) in [
        (
            "config set",
            &["mgr", "nope", "1"][..],
            Errno::EINVAL,
            "unrecognized config option 'nope'; 'config ls' lists them all, --force sets it anyway",
        ),
        ("config set", &["moon", "fsid", "1"], Errno::EINVAL, "unrecognized config target 'moon'"),
        (
            "config set",
            &["mgr", "mgr/hello/count", "11"],
            Errno::EINVAL,
            "error parsing value: Value '11' exceeds maximum 10; \
             option 'mgr/hello/count' takes a whole number, from 1 to 10, such as 3, not '11'",
        ),
        (
            "config set",
            &["mgr", "mgr/hello/mode", "c"],
            Errno::EINVAL,
            "error parsing value: 'c' is not one of the permitted values: a, b; \
             option 'mgr/hello/mode' takes one of these, not 'c'",
        ),
        (
            "config get",
            &["mgr", "nope"],
            Errno::ENOENT,
            "unrecognized key 'nope'; 'config ls' lists them all",
        ),
        ("config get", &["moon"], Errno::EINVAL, "unrecognized entity 'moon'"),
        (
            "config help",
            &["nope"],
            Errno::ENOENT,
            "unrecognized key 'nope'; 'config ls' lists them all",
        ),
        ("config show", &["mgr"], Errno::EINVAL, "invalid daemon name: use <type>.<id>"),
        ("config show", &["mgr.y"], Errno::ENOENT, "no config state for daemon mgr.y"),
        (
            "config show",
            &["mgr.x", "nope"],
            Errno::ENOENT,
            "unrecognized key 'nope'; 'config ls' lists them all",
        ),
    ] {
        let outcome = run(&options, words, args, Format::Plain).await;
        assert_eq!(outcome, Outcome::error(errno, text), "{words} {args:?}");
    }
    plain(&options, "config set", &["mgr", "nope", "1", "true"]).await;
    assert_eq!(plain(&options, "config get", &["mgr", "nope"]).await, "1\n");
}

#[tokio::test]
async fn an_option_is_described() {
    let options = options();
    let text = "\
mgr/hello/count - how many
  (int, advanced)
  Takes: a whole number, from 1 to 10, such as 3
  Default: 3
  Minimum: 1
  Maximum: 10
  Can update at runtime: true
  Services: [mgr]
";
    assert_eq!(plain(&options, "config help", &["mgr/hello/count"]).await, text);
    let mode = plain(&options, "config help", &["mgr/hello/mode"]).await;
    assert!(mode.contains("  Possible values:  a b\n"), "{mode}");
    assert!(plain(&options, "config ls", &[]).await.contains("\nmgr/hello/log_level\n"));
}

#[tokio::test]
async fn running_values_show_what_they_override() {
    let options = options();
    plain(&options, "config set", &["mgr", "mgr/hello/place", "m"]).await;
    plain(&options, "config set", &["mgr.x", "mgr/hello/place", "x"]).await;
    let overrides = [json!({"source": "mon", "value": "m"})];
    let wanted = json!([{"name": "mgr/hello/place", "value": "x", "source": "mon",
        "overrides": overrides}]);
    assert_eq!(object(&options, "config show", &["mgr.x"]).await, wanted);
    let table = "\
NAME             VALUE  SOURCE  OVERRIDES  IGNORES
mgr/hello/place  x      mon     mgr
";
    assert_eq!(plain(&options, "config show", &["mgr.x"]).await, table);
    let all = plain(&options, "config show-with-defaults", &["mgr.x"]).await;
    assert!(all.contains("mgr_tick_period"), "{all}");
}

#[tokio::test]
async fn the_log_shows_versions_that_reset_goes_back_to() {
    let options = options();
    plain(&options, "config set", &["mgr", "mgr/hello/place", "a"]).await;
    plain(&options, "config set", &["mgr", "mgr/hello/place", "b"]).await;
    let log = plain(&options, "config log", &["1"]).await;
    let (head, changes) = log.split_once('\n').unwrap();
    assert!(head.starts_with("--- 2 --- ") && head.ends_with(" ---"), "{head}");
    assert_eq!(changes, "- mgr/mgr/hello/place = a\n+ mgr/mgr/hello/place = b\n");
    plain(&options, "config reset", &["1"]).await;
    assert_eq!(plain(&options, "config get", &["mgr", "mgr/hello/place"]).await, "a\n");
    assert_eq!(object(&options, "config log", &[]).await[0]["version"], 3);
    assert_eq!(run(&options, "config reset", &["9"], Format::Plain).await.retval, -22);
}

#[tokio::test]
async fn a_configuration_file_is_read_and_its_unknown_options_are_printed() {
    let options = options();
    let command = COMMANDS.iter().find(|c| c.cmd == "config assimilate-conf").unwrap();
    let text =
        "# note\n[global]\nmon host = 10.0.0.1\nfoo = 1\n[osd.1]\nosd-memory-target=1K\nbar=2\n";
    let input = |text: &'static str| Request { input: text.into(), ..Request::default() };
    let rest = (command.run)(&options, &input(text)).await;
    assert_eq!(rest.stdout, "[global]\n\tfoo = 1\n[osd.1]\n\tbar = 2\n");
    assert_eq!(options.get("osd.1", "osd_memory_target").unwrap(), "1024");
    let bad = (command.run)(&options, &input("[global]\nnonsense\n")).await;
    assert_eq!(
        bad.stderr,
        "line 2: 'nonsense' is not of the form 'option = value'; correct it, or remove it"
    );
    let minimal = plain(&options, "config generate-minimal-conf", &[]).await;
    assert!(minimal.contains("\tmon_host = 10.0.0.1\n"), "{minimal}");
}

#[tokio::test]
async fn texts() {
    let options = options();
    let mut terminal = Terminal::new(&options, COMMANDS);
    for command in [
        "config dump",
        "config get mgr.x",
        "config log",
        "config show mgr.x",
        "config set global debug_mgr 2/5",
        "config set mgr mgr/hello/mode b",
        "config set mgr mgr/hello/place here",
        "config set mgr.x mgr/hello/place there",
        "config set osd/class:ssd osd_memory_target 4K",
        "config set mgr mgr/hello/count 11",
        "config set mgr mgr/hello/count many",
        "config set mgr debug_mgr loud",
        "config set mgr mgr_pool maybe",
        "config set mgr.hello mgr/hello/place there",
        "config set mgr nope 1",
        "config set moon fsid 1",
        "config dump",
        "config get mgr.x",
        "config get mgr.x mgr/hello/place",
        "config get mgr nope",
        "config show mgr.x",
        "config show mgr.x mgr/hello/count",
        "config show osd.1",
        "config show osd",
        "config show-with-defaults mgr.x",
        "config ls",
        "config help mgr/hello/count",
        "config help mgr/hello/mode",
        "config help mgr/hello/log_level",
        "config help debug_mgr",
        "config help nope",
        "config rm mgr mgr/hello/mode",
        "config rm mgr mgr/hello/mode",
        "config rm mgr mgr/hello/nix",
        "config rm moon mgr/hello/nix",
        "config reset 1",
        "config reset 99",
    ] {
        terminal.types(command).await;
    }
    let file = "[global]\nmon host = 10.0.0.1\nfoo = 1\n";
    terminal.types_with_input("config assimilate-conf -i FILE", file).await;
    terminal.types_with_input("config assimilate-conf -i FILE", "nonsense\n").await;
    terminal.types("config assimilate-conf").await;
    terminal.types("config generate-minimal-conf").await;
    assert_text!("config", terminal.screen());
}
