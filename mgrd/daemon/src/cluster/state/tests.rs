use super::*;

#[test]
fn the_cluster_log_is_bounded_in_length_and_in_each_entry() {
    let limits =
        Limits { log_entries: 2, log_message_bytes: 4, name_bytes: 8, ..Limits::default() };
    let cluster = Cluster::new(limits);
    for message in ["lost", "first", "second"] {
        cluster.write_log("mgr.x", "a-long-channel", Priority::Info, message);
    }
    let kept = cluster.log.last(9, |_| true);
    let texts: Vec<_> = kept.iter().map(|e| (e.channel.as_str(), e.message.as_str())).collect();
    assert_eq!(texts, [("a-long-c…", "firs…"), ("a-long-c…", "seco…")]);
}
