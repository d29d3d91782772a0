use super::*;

fn texts(log: &RecentLog) -> Vec<String> {
    log.lines().into_iter().map(|line| line.text).collect()
}

#[test]
fn only_the_last_lines_are_kept_and_long_ones_are_cut() {
    let log = RecentLog::new(3, 8);
    log.add(LineSource::Stdout, "one");
    log.add(LineSource::Log(Level::INFO), "two\nthree\nfour");
    log.add(LineSource::Stderr, &"x".repeat(64 << 10));
    assert_eq!(texts(&log), ["three", "four", "xxxxxxxx…"]);
    assert_eq!(log.lines()[0].source, LineSource::Log(Level::INFO));
    log.add(LineSource::Stdout, &"\n".repeat(64 << 10));
    assert_eq!(texts(&log), ["", "", ""]);
}

#[test]
fn lines_keep_their_indentation_and_lose_control_characters() {
    let log = RecentLog::new(3, 80);
    log.add(LineSource::Stderr, "  File \"m.py\", line 1\r\n\u{1b}[31mred\u{1b}[0m\u{7}");
    assert_eq!(texts(&log), ["  File \"m.py\", line 1", "red"]);
}

#[test]
fn a_log_that_keeps_nothing_takes_everything() {
    let log = RecentLog::default();
    log.add(LineSource::Stdout, "one\ntwo");
    assert!(log.lines().is_empty());
}
