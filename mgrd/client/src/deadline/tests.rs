use std::convert::Infallible;

use mgrd_snapshots::assert_errors;
use tower::{ServiceExt, service_fn};

use super::*;

#[tokio::test(start_paused = true)]
async fn only_an_answer_that_does_not_begin_in_time_is_an_error() {
    let hour = Duration::from_secs(3600);
    let slow = service_fn(move |()| async move {
        tokio::time::sleep(hour).await;
        Ok::<_, Infallible>("answer")
    });
    let within = |limit| Deadline::new(slow, "/s".into(), limit).oneshot(());
    assert_eq!(within(2 * hour).await.unwrap(), "answer");
    assert_eq!(within(Duration::ZERO).await.unwrap(), "answer");
    let silent = within(hour / 2).await.unwrap_err();
    assert!(silent.is::<Silent>());
}

#[test]
fn texts() {
    let (path, limit) = ("/run/mgrd/mgrd.sock".into(), Duration::from_secs(30));
    assert_errors!(Silent of [Silent { path, limit }]);
}
