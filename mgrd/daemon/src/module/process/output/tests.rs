//! The output of a module becomes lines.

use std::time::Duration;

use super::*;

fn lines(max: usize, parts: &[&[u8]]) -> Vec<String> {
    let (mut lines, mut out) = (Lines::new(max), Vec::new());
    for mut part in parts.iter().copied() {
        while let Some(line) = lines.next(&mut part) {
            out.push(line);
        }
    }
    out.extend(lines.finish());
    out
}

#[test]
fn lines_are_joined_across_reads_cut_when_long_and_made_valid() {
    assert_eq!(lines(99, &[b"a", b"b\r\nc", b"\n"]), ["ab", "c"]);
    assert_eq!(lines(3, &[b"abcdef", b"gh\nij\n"]), ["abc … [cut]", "ij"]);
    assert_eq!(lines(99, &[b"\xff\n\nno newline"]), ["\u{fffd}", "", "no newline"]);
}

#[tokio::test]
async fn a_stream_without_end_of_line_is_drained_and_only_the_last_words_are_kept() {
    let limits = ProcessLimits { last_words: 2, line_bytes: 4, ..ProcessLimits::default() };
    let words = LastWords::default();
    let text = [b"1\n2\n3\n".to_vec(), vec![b'x'; 1 << 20]].concat();
    drain(
        &*text,
        Stream::Stderr,
        "m".into(),
        LastWords::clone(&words),
        RecentLog::default(),
        (limits, Arc::default()),
    )
    .await;
    assert_eq!(*words.lock(), ["3", "xxxx … [cut]"]);
    let limits = ProcessLimits { last_words: 0, ..ProcessLimits::default() };
    let words = LastWords::default();
    drain(
        &b"1\n2\n"[..],
        Stream::Stderr,
        "m".into(),
        words.clone(),
        RecentLog::default(),
        (limits, Arc::default()),
    )
    .await;
    assert!(words.lock().is_empty());
}

#[tokio::test]
async fn last_words_cannot_control_a_terminal() {
    let words = LastWords::default();
    let text = "\u{1b}[2J\u{1b}]0;title\u{7}red\rblue\u{2028}green\n\tindented\n";
    let limits = ProcessLimits::default();
    drain(
        text.as_bytes(),
        Stream::Stderr,
        "m".into(),
        words.clone(),
        RecentLog::default(),
        (limits, Arc::default()),
    )
    .await;
    assert_eq!(*words.lock(), ["red blue green", "indented"]);
}

#[test]
fn skipped_lines_are_counted_and_the_last_ones_are_left() {
    for (keep, text, count, left) in [
        (0, "a\nb\nc", 2, &["c"][..]),
        (0, "\n\n\n", 3, &[]),
        (1, "a\nb\nc\nd", 2, &["c", "d"]),
        (2, "a\nb\n", 0, &["first a", "b"]),
        (2, "no end", 0, &["first no end"]),
    ] {
        let (mut lines, mut bytes) = (Lines::new(99), text.as_bytes());
        assert_eq!(lines.next(&mut &b"first "[..]), None);
        assert_eq!(lines.skip(&mut bytes, keep), count, "{text:?}");
        let mut rest = Vec::new();
        while let Some(line) = lines.next(&mut bytes) {
            rest.push(line);
        }
        rest.extend(lines.finish());
        assert_eq!(rest, left, "{text:?}");
    }
}

#[test]
fn a_rate_limit_opens_with_the_next_second_and_says_when_to_report() {
    let mut limit = RateLimit::new(1);
    let (start, second) = (Instant::now(), Duration::from_secs(1));
    assert!(!limit.is_exhausted(start) && limit.admit(start).0 && limit.is_exhausted(start));
    assert_eq!(limit.report_at(), None);
    limit.refuse(7);
    assert_eq!(limit.report_at(), Some(start + second));
    assert!(!limit.is_exhausted(start + second));
    assert_eq!(limit.admit(start + second), (true, 7));
}

/// Bytes that are always there, as a pipe has them whose writer never stops.
struct Endless(&'static [u8]);

impl AsyncRead for Endless {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        into: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        while into.remaining() >= self.0.len() {
            into.put_slice(self.0);
        }
        std::task::Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_stream_without_end_leaves_other_tasks_their_turns() {
    for text in [&b"y\n"[..], b"\n", b"x"] {
        let (words, limits) = (LastWords::default(), ProcessLimits::default());
        let stream = Stream::Stderr;
        let reading = tokio::spawn(drain(
            Endless(text),
            stream,
            "m".into(),
            words,
            RecentLog::default(),
            (limits, Arc::default()),
        ));
        let turns = async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), turns).await;
        assert!(waited.is_ok() && !reading.is_finished(), "{text:?}");
        reading.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_is_read_than_the_pace_allows() {
    let mut pace = Pace::new(1000);
    let (start, mut read) = (tokio::time::Instant::now(), 0);
    while read < 1000 {
        let room = pace.room().await;
        pace.took(room);
        read += room;
    }
    assert!(start.elapsed() >= Duration::from_millis(990));
}
