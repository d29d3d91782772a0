use super::*;

/// How long it takes until `count` were taken in, one after another.
async fn time(mut pace: Pace, count: usize) -> Duration {
    let start = Instant::now();
    for _ in 0..count {
        pace.room().await;
        pace.took(1);
    }
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn the_pace_is_not_rounded() {
    for per_second in [1, 3, 100, 150, 199, 1000, 12_345] {
        let seconds = time(Pace::new(per_second), per_second * 20).await.as_secs_f64();
        assert!((18.9..20.5).contains(&seconds), "{per_second} a second: {seconds} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_does_not_wait_and_what_follows_does() {
    assert_eq!(time(Pace::with_burst(100, 500), 500).await, Duration::ZERO);
    let seconds = time(Pace::with_burst(100, 500), 1000).await.as_secs_f64();
    assert!((4.9..5.1).contains(&seconds), "{seconds} s");
}

#[tokio::test(start_paused = true)]
async fn after_a_long_rest_there_is_room_for_one_burst() {
    let mut pace = Pace::with_burst(100, 500);
    pace.took(500);
    assert!(pace.is_full());
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(pace.room().await, 500);
}
