use std::sync::mpsc;

use super::*;

const LONG: Duration = Duration::from_secs(60);

#[test]
fn a_stalled_reader_stalls_no_writer_and_lost_lines_are_counted() {
    let (mut reader, stalled) = io::pipe().unwrap();
    let (sender, receiver) = mpsc::channel();
    let read = sender.clone();
    let lost = move |lines| sender.send((lines, 0)).unwrap();
    let log = LogWriter::start(Box::new(stalled), 1 << 20, lost).unwrap();
    let line = [b'x'; 1 << 10];
    for _ in 0..1500 {
        // This is more than the pipe and the queue can hold together.
        log.make_writer().write_all(&line).unwrap();
    }
    thread::spawn(move || {
        let mut line = [0; 1 << 10];
        while io::Read::read_exact(&mut reader, &mut line).is_ok() && read.send((0, 1)).is_ok() {}
    });
    let (mut lost, mut read) = (0, 0);
    while lost + read < 1500 {
        let (more_lost, more_read) = receiver.recv_timeout(LONG).unwrap();
        (lost, read) = (lost + more_lost, read + more_read);
    }
    assert!(lost + read == 1500 && lost > 0 && read >= 1024, "{lost} lost, {read} read");
    log.flush(LONG);
    assert_eq!(log.0.queue.lock().bytes(), 0);
}

#[test]
fn further_lines_of_an_entry_cannot_pass_for_entries_of_their_own() {
    let mut lines = Vec::new();
    for entry in ["first\nINFO forged\n\n", "second\n"] {
        extend_indented(&mut lines, entry.as_bytes());
    }
    let written = String::from_utf8(lines).unwrap();
    assert_eq!(written, "first\n    INFO forged\n    \nsecond\n");
}

#[test]
fn lines_go_to_a_new_sink_once_it_is_given() {
    let ((mut first, one), (mut second, two)) = (io::pipe().unwrap(), io::pipe().unwrap());
    let log = LogWriter::start(Box::new(one), 1 << 20, |_| {}).unwrap();
    log.make_writer().write_all(b"before\n").unwrap();
    log.flush(LONG);
    log.replace(Box::new(two));
    log.make_writer().write_all(b"after\n").unwrap();
    log.flush(LONG);
    let (mut old, mut new) = (String::new(), [0; 6]);
    // The old sink was closed.
    io::Read::read_to_string(&mut first, &mut old).unwrap();
    io::Read::read_exact(&mut second, &mut new).unwrap();
    assert_eq!((old.as_str(), &new), ("before\n", b"after\n"));
}
