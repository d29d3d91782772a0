use std::collections::BTreeSet;
use std::future::{pending, ready};

use super::*;

fn hello() -> Hello {
    Hello { sdk: "x".to_owned(), features: BTreeSet::new(), declaration: Declaration::default() }
}

#[tokio::test]
async fn the_hello_of_a_process_that_has_ended_meanwhile_counts() {
    // Chance decides in a select! without an order.
    for _ in 0..100 {
        let answer = first_of(ready(Some(hello())), ready(()), ready(())).await;
        assert!(matches!(answer, Answer::Hello(_)));
    }
}

#[tokio::test]
async fn an_end_before_the_hello_is_told_from_a_hello_that_does_not_come() {
    assert!(matches!(first_of(pending(), pending(), ready(())).await, Answer::Ended));
    assert!(matches!(first_of(ready(None), pending(), pending()).await, Answer::TimedOut));
    assert!(matches!(first_of(pending(), ready(()), ready(())).await, Answer::ShuttingDown));
}
