use nix::errno::Errno;
use nix::unistd::write;

use super::*;

/// Writes pieces of a few bytes until this many are written, or the pipe is full.
fn fill(theirs: &OwnedFd, bytes: usize) -> usize {
    let mut written = 0;
    for piece in 0.. {
        let piece = &[b'x'; 500][..[1, 7, 2, 499, 3][piece % 5]];
        match write(theirs, piece) {
            Ok(size) if written + size < bytes => written += size,
            Ok(size) => return written + size,
            Err(Errno::EAGAIN) => return written,
            Err(error) => panic!("{error}"),
        }
    }
    written
}

#[tokio::test]
async fn all_that_is_kept_fits_in_small_pieces() {
    for (asked, limit, kept) in [
        (1000, 1000, 1000),
        (256 << 10, 256 << 10, 256 << 10),
        // The system allowed no larger pipe.
        (1000, 256 << 10, 56 << 10),
    ] {
        let (ours, theirs) = pipe(asked).unwrap();
        let pipe = StackPipe::new(ours, limit).unwrap();
        assert_eq!(pipe.bytes, kept);
        assert!(fill(&theirs, kept) >= kept, "{asked}, {limit}");
    }
}

#[tokio::test]
async fn a_pipe_is_cleared_and_says_whether_the_module_has_its_end() {
    let (ours, theirs) = pipe(1000).unwrap();
    let pipe = StackPipe::new(ours, 1000).unwrap();
    assert!(pipe.clear());
    fill(&theirs, 1500);
    assert!(pipe.clear());
    let mut part = [0; 10];
    assert_eq!(pipe.try_read(&mut part).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    drop(theirs);
    assert!(!pipe.clear());
}
