use super::super::spec::Flags;
use super::*;

fn table() -> CommandTable {
    let mut table = CommandTable::new();
    let commands = [
        ("mgr module ls", "list modules"),
        (
            "mgr module enable name=module,type=CephString name=force,type=CephChoices,strings=--force,req=false",
            "enable",
        ),
        ("mgr module disable name=module,type=CephString", "disable"),
        ("log name=text,type=CephString,n=N", "log text"),
        (
            "log last name=n,type=CephInt,req=false name=level,type=CephChoices,strings=debug|info,req=false",
            "last lines",
        ),
        (
            "pool rm name=pool,type=CephPoolname name=sure,type=CephBool,req=false name=mode,type=CephChoices,strings=now|later,req=false,positional=false",
            "remove",
        ),
    ];
    for (descriptor, help) in commands {
        table
            .register(CommandSpec::new("m", descriptor, help, "r", Flags::default()).unwrap())
            .unwrap();
    }
    table
}

#[test]
fn candidates_follow_from_the_words_before() {
    let rows: [(&[&str], &str, &[&str]); 11] = [
        (&[], "", &["log", "mgr", "pool"]),
        (&["mgr"], "m", &["module"]),
        (&["mgr", "module"], "", &["disable", "enable", "ls"]),
        (&["mgr", "module", "enable", "x"], "", &["--force"]),
        (&["mgr", "module", "enable", "x", "--force"], "", &[]),
        (&["log", "last", "5"], "i", &["info"]),
        (&["log", "last"], "", &["debug", "info"]),
        (&["pool", "rm", "p"], "--", &["--mode", "--sure"]),
        (&["pool", "rm", "p", "--sure"], "", &["--mode"]),
        (&["pool", "rm", "p", "--mode"], "", &["later", "now"]),
        (&["mg"], "", &[]),
    ];
    for (words, current, expected) in rows {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let found = table().complete(&words, current);
        let found: Vec<&str> = found.candidates.iter().map(|c| c.word.as_str()).collect();
        assert_eq!(found, expected, "{words:?} {current:?}");
    }
}

#[test]
fn overloads_offer_what_any_of_them_takes() {
    let mut table = CommandTable::new();
    for descriptor in [
        "set name=who,type=CephString name=value,type=CephChoices,strings=on|off",
        "set name=who,type=CephString name=value,type=CephChoices,strings=on|later",
    ] {
        let spec = CommandSpec::new("m", descriptor, "sets", "r", Flags::default()).unwrap();
        table.register(spec).unwrap();
    }
    let offer = |word: &str| Candidate { word: word.into(), help: "sets".into() };
    assert_eq!(table.complete(&[], "s").candidates, [offer("set")]);
    let before = ["set".to_owned(), "x".to_owned()];
    let expected = [offer("later"), offer("off"), offer("on")];
    assert_eq!(table.complete(&before, "").candidates, expected);
    assert_eq!(table.complete(&before[..1], "").texts.len(), 1);
}

#[test]
fn help_is_shown_with_candidates_or_alone() {
    let words = ["mgr".to_owned(), "module".to_owned()];
    let found = table().complete(&words, "l");
    let expected = Candidate { word: "ls".into(), help: "list modules".into() };
    assert_eq!(found, Completions { candidates: vec![expected], ..Completions::default() });
    let words = ["mgr".to_owned(), "module".to_owned(), "disable".to_owned()];
    let hint = table().complete(&words, "").hint;
    assert_eq!(hint.as_deref(), Some("mgr module disable <module> : disable"));
    let texts = table().complete(&words, "").texts;
    let expected = FreeText { prefix: "mgr module disable".into(), argument: "module".into() };
    assert_eq!(texts, [expected]);
}
