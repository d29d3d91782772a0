use std::io::Write;
use std::sync::Arc;

use parking_lot::Mutex;
use tracing::subscriber::with_default;

use super::LogLines;

/// Collects what is written.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines that `log` writes, without their times.
fn lines(log: impl FnOnce()) -> Vec<String> {
    let sink = Sink::default();
    let writer = sink.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .event_format(LogLines)
        .with_writer(move || writer.clone())
        .finish();
    with_default(subscriber, log);
    let text = String::from_utf8(sink.0.lock().clone()).unwrap();
    text.lines().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect()
}

#[test]
fn a_line_about_the_module_of_its_span_names_it_once() {
    let seen = lines(|| {
        let session = tracing::info_span!("session", request = "7-1", module = "hello", run = 2);
        let _in_session = session.enter();
        tracing::info!(module = "hello", "ready");
        tracing::info!(module = "other", "called");
        tracing::info!("ends");
    });
    let expected = [
        " INFO ready module=\"hello\" [request=\"7-1\" run=2]",
        " INFO called module=\"other\" [request=\"7-1\" module=\"hello\" run=2]",
        " INFO ends [request=\"7-1\" module=\"hello\" run=2]",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn the_message_comes_first_and_the_spans_last_without_the_connection_of_a_call() {
    let seen = lines(|| {
        tracing::warn!(limit = 3, "too many");
        let connection = tracing::info_span!("connection", id = 7, pid = 4711);
        let _in_connection = connection.enter();
        tracing::info!("accepted");
        let call = tracing::info_span!("call", request = "7-1", identity = tracing::field::Empty);
        let _in_call = call.enter();
        tracing::info!("begins");
        call.record("identity", "module.hello");
        tracing::info_span!("session", run = 2).in_scope(|| tracing::error!(code = 5, "ends"));
    });
    let expected = [
        " WARN too many limit=3",
        " INFO accepted [id=7 pid=4711]",
        " INFO begins [request=\"7-1\"]",
        "ERROR ends code=5 [request=\"7-1\" identity=\"module.hello\" run=2]",
    ];
    assert_eq!(seen, expected);
}
