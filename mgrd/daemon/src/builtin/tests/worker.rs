//! What may be large is not rendered on the worker thread.

use futures_util::FutureExt;
use serde_json::{Value, json};

use super::harness::recorded;
use crate::builtin::rendered::{ALL_TURNS, TURNS};
use crate::builtin::{Request, cluster_commands};

/// Whether a command has its answer the first time that it is asked for it, while all turns to render a large
/// one are taken.
async fn is_at_once(words: &str, args: Value) -> bool {
    let turns = u32::try_from(ALL_TURNS).unwrap();
    let _taken = TURNS.acquire_many(turns).await.unwrap();
    let (state, _feed) = recorded();
    let commands = cluster_commands();
    let command = commands.iter().find(|command| command.cmd.starts_with(words)).unwrap();
    let args = args.as_object().cloned().unwrap_or_default();
    let request = Request { args, ..Request::default() };
    (command.run)(&state, &request).now_or_never().is_some()
}

#[tokio::test]
async fn large_answers_do_not_occupy_it_and_small_ones_do_not_wait_for_a_turn() {
    for (words, args) in [
        ("log last", json!({"num": 10_000})),
        ("osd dump", Value::Null),
        ("osd tree", Value::Null),
        ("osd df", Value::Null),
        ("mon dump", Value::Null),
        ("fs dump", Value::Null),
        ("service dump", Value::Null),
        ("device ls", Value::Null),
        ("node ls", Value::Null),
    ] {
        assert!(!is_at_once(words, args).await, "{words}");
    }
    for (words, args) in
        [("log last", json!({"num": 20})), ("log last", Value::Null), ("health", Value::Null)]
    {
        assert!(is_at_once(words, args).await, "{words}");
    }
}
