//! Lines out of whatever a module writes.

use super::*;

fn lines(max: usize, parts: &[&[u8]]) -> Vec<String> {
    let (mut lines, mut out) = (Lines::new(max), Vec::new());
    let mut emit = |line| out.push(line);
    for part in parts {
        lines.feed(part, &mut emit);
    }
    lines.finish(&mut emit);
    out
}

#[test]
fn lines_are_joined_across_reads_cut_when_long_and_made_valid() {
    assert_eq!(lines(99, &[b"a", b"b\r\nc", b"\n"]), ["ab", "c"]);
    assert_eq!(lines(3, &[b"abcdef", b"gh\nij\n"]), ["abc … [cut]", "ij"]);
    assert_eq!(lines(99, &[b"\xff\n\nno newline"]), ["\u{fffd}", "", "no newline"]);
}

#[test]
fn a_flood_is_let_through_up_to_its_rate_and_the_rest_is_counted() {
    let mut flood = Flood::new(2);
    let start = Instant::now();
    let passed = (0..5).filter(|_| flood.admit(start).0).count();
    assert_eq!(passed, 2);
    assert_eq!(flood.admit(start + Duration::from_secs(1)), (true, 3));
    assert_eq!(flood.admit(start + Duration::from_secs(1)), (true, 0));
}

#[tokio::test]
async fn a_stream_without_end_of_line_is_drained_and_only_the_last_words_are_kept() {
    let policy = Policy { last_words: 2, line_bytes: 4, ..Policy::default() };
    let words = LastWords::default();
    let text = [b"1\n2\n3\n".to_vec(), vec![b'x'; 1 << 20]].concat();
    drain(&*text, Stream::Stderr, "m".into(), LastWords::clone(&words), Arc::new(policy)).await;
    assert_eq!(*words.lock(), ["3", "xxxx … [cut]"]);
    let policy = Policy { last_words: 0, ..Policy::default() };
    let words = LastWords::default();
    drain(&b"1\n2\n"[..], Stream::Stderr, "m".into(), words.clone(), Arc::new(policy)).await;
    assert!(words.lock().is_empty());
}
