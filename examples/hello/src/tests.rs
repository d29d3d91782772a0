use mgrd_sdk::testing::TestHost;
use serde_json::json;

use super::*;

#[tokio::test]
async fn it_greets_as_its_options_say() {
    let hello = TestHost::new().option("greeting", "Hi").start::<Hello>().await;
    assert_eq!(hello.command("hello", json!({})).await.stdout, "Hi, world!");
    hello.set_option("greeting", "Servus");
    hello.set_option("times", "2");
    assert_eq!(hello.command("hello", json!({})).await.stdout, "Servus, world!\nServus, world!");
    assert_eq!(hello.call("greeting_for", json!(["Ada"])).await, Ok(json!("Servus, Ada!")));
    hello.shutdown().await;
}

#[tokio::test]
async fn an_empty_name_is_refused() {
    let hello = TestHost::new().start::<Hello>().await;
    let outcome = hello.command("hello greet", json!({"who": " "})).await;
    assert_eq!((outcome.retval, &*outcome.stderr), (-22, "no name to greet; give one"));
    hello.shutdown().await;
}
