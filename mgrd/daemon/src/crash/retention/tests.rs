use jiff::Timestamp;
use jiff::ToSpan;

use super::*;

const LIMITS: Limits = Limits {
    reports: 6,
    bytes: 600,
    module_reports: 3,
    module_bytes: 300,
    report_bytes: 300,
    same: 10,
};

/// Reports by owner (`-` for a client), age and size; `a` marks archived ones. The id is the text.
fn reports(texts: &[&str]) -> BTreeMap<String, Summary> {
    let summary = |text: &&str| {
        let words: Vec<_> = text.split(' ').collect();
        let age: i64 = words[1].parse().unwrap();
        let summary = Summary {
            entity: String::new(),
            host: String::new(),
            timestamp: Timestamp::UNIX_EPOCH + 1000.seconds() - age.seconds(),
            stamp: String::new(),
            archived: words.contains(&"a"),
            module: Some(words[0].to_owned()).filter(|name| name != "-"),
            signature: String::new(),
            count: 1,
            bytes: words[2].parse().unwrap(),
        };
        ((*text).to_owned(), summary)
    };
    texts.iter().map(summary).collect()
}

#[test]
fn what_exceeds_a_limit_is_removed() {
    for (known, removed) in [
        (&[][..], &[][..]),
        (&["m 1 100", "m 2 100", "m 3 100"], &[]),
        // The oldest of a module, archived ones first.
        (&["m 1 1", "m 2 1", "m 3 1", "m 4 1"], &["m 4 1"]),
        (&["m 1 1 a", "m 2 1", "m 3 1", "m 4 1"], &["m 1 1 a"]),
        (&["m 1 200", "m 2 90", "m 3 90"], &["m 3 90"]),
        (&["m 1 301"], &["m 1 301"]),
        // A module does not cost another its reports.
        (&["m 1 1", "m 2 1", "m 3 1", "m 4 1", "n 9 1"], &["m 4 1"]),
        // All together: those of clients first, then those of the module with the most.
        (&["- 1 1", "- 2 1", "- 3 1", "- 4 1", "- 5 1", "- 6 1", "m 9 1"], &["- 6 1"]),
        (&["- 1 599", "m 9 2"], &["- 1 599"]),
        (&["m 1 250", "n 2 200", "n 3 99", "o 4 99"], &["n 3 99"]),
    ] {
        assert_eq!(surplus(&reports(known), &LIMITS), removed, "{known:?}");
    }
}

#[test]
fn a_limit_of_nothing_removes_everything() {
    let limits = Limits { reports: 0, ..LIMITS };
    assert_eq!(surplus(&reports(&["m 1 1", "- 1 1"]), &limits).len(), 2);
}
