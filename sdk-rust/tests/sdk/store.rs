//! The store: read from memory, written through.

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::TestHost;
use serde_json::{Value, json};

struct Sample(Host);

#[commands]
impl Sample {
    #[command("sample remember")]
    async fn remember(&self, key: String, value: Option<String>, here: bool) -> Result<Value> {
        let store = self.0.store();
        match (value, here) {
            (Some(value), true) => store.set_localized(&key, value).await?,
            (Some(value), false) => store.set(&key, value).await?,
            (None, true) => store.remove_localized(&key).await?,
            (None, false) => store.remove(&key).await?,
        }
        Ok(json!([store.get(&key), store.get_localized(&key), store.prefix("")]))
    }
}

impl Module for Sample {
    type Options = ();

    async fn start(host: Host, _options: Live<()>) -> Result<Self> {
        Ok(Self(host))
    }
}

#[tokio::test]
async fn a_write_is_visible_at_once_and_reaches_the_host() {
    let module = TestHost::new().store("old", "1").start::<Sample>().await;
    let remember = async |args: Value| {
        let outcome = module.command("sample remember", args).await;
        serde_json::from_slice::<Value>(&outcome.stdout).unwrap()
    };
    let new = remember(json!({"key": "new", "value": "2"})).await;
    assert_eq!(new, json!(["2", "2", {"new": "2", "old": "1"}]));
    let here = remember(json!({"key": "new", "value": "3", "here": true})).await;
    assert_eq!(here, json!(["2", "3", {"new": "2", "old": "1", "x/new": "3"}]));
    remember(json!({"key": "new", "here": true})).await;
    module.set_store("from outside", "4");
    let old = remember(json!({"key": "old"})).await;
    assert_eq!(old, json!([null, null, {"from outside": "4", "new": "2"}]));
    let seen = json!(module.seen().store);
    assert_eq!(seen, json!({"from outside": "4", "new": "2"}));
    module.shutdown().await;
}

#[tokio::test]
async fn a_failed_write_says_why_and_changes_nothing() {
    let host = TestHost::new().refuse_writes(Errno::ENOSPC, "no space left; free some");
    let module = host.start::<Sample>().await;
    let outcome = module.command("sample remember", json!({"key": "a", "value": "1"})).await;
    assert_eq!((outcome.retval, &*outcome.stderr), (-28, "no space left; free some"));
    assert!(module.seen().store.is_empty());
    module.shutdown().await;
}
