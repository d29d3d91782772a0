use super::*;

fn logging(policy: LogPolicy) -> (Logging, Waiting) {
    let mut logging = Logging::new();
    let waiting = logging.waiting().unwrap();
    logging.apply(policy);
    (logging, waiting)
}

#[test]
fn a_record_has_its_fields_and_records_beyond_the_bound_are_counted() {
    let (logging, mut waiting) = logging(LogPolicy::default());
    tracing::dispatcher::with_default(&logging.dispatch(), || {
        tracing::warn!(osd = 3, host = "a", "it is {}", "odd");
        (0..WAITING).for_each(|_| tracing::info!("again"));
    });
    let Routed { record, line, is_logged, to_cluster } = waiting.records.try_recv().unwrap();
    assert_eq!(record.message, "it is odd osd=3 host=a");
    assert_eq!(record.level(), LogLevel::Warning);
    assert_eq!((line, is_logged, to_cluster), (None, true, false));
    assert_eq!(waiting.lost.load(Relaxed), 1);
}

#[tokio::test]
async fn a_record_of_a_command_handler_has_the_id_of_the_command() {
    let logged = || record(LogLevel::Info, "any", "text".into()).call_id;
    assert_eq!(logged(), 0);
    assert_eq!(CALL.scope(7, async { logged() }).await, 7);
}

#[test]
fn each_target_has_its_own_lowest_level() {
    let (level, cluster) = (LevelFilter::ERROR, LevelFilter::DEBUG);
    let policy = LogPolicy { level, cluster, file: Some("/f".into()), ..LogPolicy::default() };
    let (logging, mut waiting) = logging(policy);
    tracing::dispatcher::with_default(&logging.dispatch(), || {
        tracing::debug!(target: "a", "two\nlines");
        tracing::trace!("never");
    });
    let routed = waiting.records.try_recv().unwrap();
    assert_eq!((routed.is_logged, routed.to_cluster), (false, true));
    let (path, line) = routed.line.unwrap();
    assert_eq!(path, PathBuf::from("/f"));
    assert!(line.ends_with("Z [DEBUG] [a] two\nlines\n"), "{line}");
    assert!(waiting.records.try_recv().is_err());
}
