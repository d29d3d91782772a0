use mgrd_snapshots::assert_errors;

use super::*;

const USED: Option<Usage> =
    Some(Usage { rss_bytes: 300 << 20, cpu: std::time::Duration::ZERO, tasks: 1 });

#[test]
fn a_lack_of_memory_differs_from_other_ends() {
    let (limit, used) = (Some(256 << 20), Some(300 << 20));
    let killed = Some(OutOfMemory::Killed { used, limit });
    let refused = Some(OutOfMemory::Refused { used, limit });
    let cases = [
        (Exit::Signal(9), "", true, killed),
        (Exit::Signal(9), "", false, None),
        (Exit::Signal(9), "MemoryError", false, None),
        (Exit::Signal(15), "", true, None),
        (Exit::Signal(11), "", true, None),
        (Exit::Status(1), "MemoryError", false, refused),
        (Exit::Status(1), "MemoryError: no room for the map", true, refused),
        (Exit::Status(1), "NoMemoryErrorAtAll", true, None),
        (Exit::Status(0), "MemoryError", true, None),
        (Exit::Status(1), "ValueError: MemoryError", true, None),
        (Exit::Signal(6), "memory allocation of 99 bytes failed", false, refused),
        (Exit::Signal(6), "panicked at 'index'", false, None),
        (
            Exit::Signal(6),
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
            false,
            refused,
        ),
        (Exit::Signal(6), "terminate called after throwing 'std::bad_alloc'", false, refused),
    ];
    for (exit, last, kernel_killed, expected) in cases {
        let words = ["Traceback (most recent call last):".to_owned(), last.to_owned()];
        let found = OutOfMemory::found(exit, &words, kernel_killed, USED, limit);
        assert_eq!(found, expected, "{exit} {last} {kernel_killed}");
    }
}

#[test]
fn an_exception_that_was_handled_is_not_the_end() {
    let found = |lines: &[&str]| {
        let words: Vec<_> = lines.iter().map(|&line| line.to_owned()).collect();
        OutOfMemory::found(Exit::Status(1), &words, false, USED, None).is_some()
    };
    assert!(found(&["ValueError: no", "", "During handling:", "MemoryError", ""]));
    assert!(!found(&["MemoryError", "", "During handling:", "ValueError: no"]));
    assert!(!found(&["MemoryError", "the cache is emptied"]));
}

#[test]
fn texts() {
    let (used, limit) = (Some(300 << 20), Some(256 << 20));
    assert_errors!(OutOfMemory {
        Killed: OutOfMemory::Killed { used, limit }, OutOfMemory::Killed { used: None, limit: None };
        AtLimit: OutOfMemory::AtLimit { used: 299, limit: 300 };
        Refused: OutOfMemory::Refused { used, limit };
    });
}
