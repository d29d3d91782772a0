use std::sync::Arc;

use mgrd_proto::v1::{ClusterLogEntry, Heartbeat};

use super::*;
use crate::cluster::Cluster;
use crate::health::Health;

#[test]
fn one_that_is_refused_costs_the_others_nothing_and_is_told() {
    let mut taken = Vec::new();
    let mut take = |n: u32| {
        if n.is_multiple_of(2) {
            return Err(FeedError::Name(n.to_string()));
        }
        taken.push(n);
        Ok(())
    };
    assert!(each(vec![1, 3], &mut take).is_ok());
    let refused = each(vec![4, 5, 6, 7], &mut take).unwrap_err().to_string();
    assert!(refused.starts_with("2 of 4 were refused") && refused.contains("'4'"), "{refused}");
    assert_eq!(taken, [1, 3, 5, 7]);
}

/// A feed that may notify ten times in a second, and its answers.
fn feed(name: &str) -> (FeedStream, FeedHandle, mpsc::Receiver<Result<PublishResponse, Status>>) {
    let cluster = Cluster::default();
    let (health, limits) = (Health::new(cluster.clone()), cluster.limits);
    let feeds = Feeds::new(cluster, health, Arc::new(|_, _| {}), crate::feed::Limits::default());
    let hello = Hello { name: name.into(), ..Hello::default() };
    let (answers, received) = mpsc::channel(WAITING_ANSWERS);
    let stream = FeedStream {
        answers,
        runs_commands: false,
        waiting: HashMap::new(),
        next_call: 0,
        limits,
        pace: pace(10),
        reported: None,
    };
    (stream, feeds.connect(hello).unwrap().feed, received)
}

/// How long a hundred messages of a feed take.
async fn time(name: &str, message: FromFeed) -> Duration {
    let (mut stream, feed, _received) = feed(name);
    let start = Instant::now();
    for _ in 0..100 {
        let request = PublishRequest { seq: 0, message: Some(message.clone()) };
        assert!(stream.take(&feed, request).await.is_ok());
    }
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn what_a_feed_sends_to_all_modules_is_paced_after_a_burst() {
    let notification = FeedNotification { r#type: "osd_map".into(), id: "1".into() };
    let entry = ClusterLogEntry { channel: "cluster".into(), ..ClusterLogEntry::default() };
    let five = Duration::from_millis(4_900)..Duration::from_millis(5_100);
    let took = time("notifies", FromFeed::Notification(notification)).await;
    assert!(five.contains(&took), "notifications took {took:?}");
    let took = time("logs", FromFeed::ClusterLog(entry)).await;
    assert!(five.contains(&took), "log entries took {took:?}");
    assert_eq!(time("lives", FromFeed::Heartbeat(Heartbeat {})).await, Duration::ZERO);
    let reached = crate::limits_reached::lately();
    let names = |feed: &str| reached.iter().any(|(caller, _)| *caller == format!("feed '{feed}'"));
    assert_eq!((names("notifies"), names("logs"), names("lives")), (true, true, false));
}
