use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let read = |limit: Limit, text: &str| limit.read(text).unwrap_err();
    assert_errors!(LimitError {
        Unknown: LimitError::unknown("memori");
        OfAll: LimitError::OfAll("ping_restart".into());
        NotAPair: LimitError::not_a_pair("memory");
        NotAValue: read(Limit::Memory, "much"), read(Limit::Cpu, ""), read(Limit::CommandDeadline, "1 year"), read(Limit::InFlight, "1.5");
        OutOfRange: read(Limit::Memory, "512"), read(Limit::Cpu, "0%"), read(Limit::CommandDeadline, "366d"), read(Limit::StoreKeys, "0");
        Twice: LimitError::Twice(Limit::Memory);
    });
}

#[test]
fn what_an_error_repeats_is_short_and_clean() {
    for text in ["x".repeat(1 << 20), "\u{1b}[2J\n".repeat(1000)] {
        for error in [
            LimitError::unknown(&text),
            LimitError::not_a_pair(&text),
            Limit::Memory.read(&text).unwrap_err(),
        ] {
            let shown = error.to_string();
            assert!(shown.len() < 1000 && !shown.contains(['\u{1b}', '\n']), "{shown:?}");
        }
    }
}
