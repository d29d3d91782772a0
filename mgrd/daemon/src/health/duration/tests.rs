use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn durations_are_parsed() {
    for (text, seconds) in [("7", 7), ("5m", 300), ("2 hours", 7200), (" 1w ", 604_800)] {
        assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
    }
    for text in ["", "x", "5x", "-5m", "1.5h", "99999999999999999999", "101y"] {
        assert!(parse_duration(text).unwrap_err().to_string().contains(text), "{text}");
    }
}

#[test]
fn durations_are_written_in_one_unit() {
    let cases = [(0, "0s"), (119, "119s"), (120, "2m"), (7199, "119m"), (7200, "2h")];
    let more = [(2 * DAY, "2d"), (2 * WEEK, "2w"), (100 * DAY, "3mo"), (3 * YEAR, "3y")];
    for (seconds, text) in cases.into_iter().chain(more) {
        assert_eq!(age(Duration::from_secs(seconds)), text);
    }
}

#[test]
fn texts() {
    assert_errors!(InvalidDuration of [InvalidDuration("soon".into())]);
}
