//! Calls between modules.

use std::collections::BTreeMap;
use std::time::Duration;

use mgrd_sdk::RemoteError;
use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::{TestHost, TestModule};
use serde::{Deserialize, Serialize};
use serde_json::json;

struct Sample(Host);

#[derive(Serialize, Deserialize)]
struct Sum {
    a: i64,
    b: i64,
}

#[commands]
impl Sample {
    #[command("sample ask")]
    async fn ask(&self, how: String) -> Result<i64> {
        let adder = self.0.remote("adder").timeout(Duration::from_secs(5));
        Ok(match how.as_str() {
            "position" => adder.call("add", (1, 2)).await?,
            "name" => adder.call("named", Sum { a: 3, b: 4 }).await?,
            "nothing" => adder.call("seven", ()).await?,
            "scalar" => adder.call("add", 1).await?,
            "shape" => adder.call("text", ()).await?,
            "module" => self.0.remote("none").call("add", (1, 2)).await?,
            method => adder.call(method, ()).await?,
        })
    }

    #[remote]
    async fn add(&self, a: i64, b: Option<i64>) -> Result<i64, RemoteError> {
        a.checked_add(b.unwrap_or(10)).ok_or_else(|| RemoteError::Raised("too much".to_owned()))
    }

    #[remote]
    async fn huge(&self, bytes: usize) -> Result<String> {
        Ok("x".repeat(bytes))
    }

    #[remote]
    fn total(&self, sums: BTreeMap<String, Sum>) -> Result<i64> {
        Ok(sums.values().map(|sum| sum.a + sum.b).sum())
    }
}

impl Module for Sample {
    type Options = ();

    async fn start(host: Host, _options: Live<()>) -> Result<Self> {
        Ok(Self(host))
    }
}

async fn sample() -> TestModule {
    TestHost::new()
        .remote("adder", "add", |(a, b): (i64, i64)| Ok(a + b))
        .remote("adder", "named", |sum: Sum| Ok(sum.a + sum.b))
        .remote("adder", "seven", |(): ()| Ok(7))
        .remote("adder", "text", |(): ()| Ok("seven"))
        .remote("adder", "fail", |(): ()| -> Result<i64, _> {
            Err(RemoteError::Raised("as asked".to_owned()))
        })
        .remote("adder", "hang", |(): ()| -> Result<i64, _> {
            Err(RemoteError::TimedOut("too late".to_owned()))
        })
        .start::<Sample>()
        .await
}

#[tokio::test]
async fn arguments_go_by_position_or_by_name() {
    let module = sample().await;
    for (how, answer) in [("position", "3"), ("name", "7"), ("nothing", "7")] {
        let outcome = module.command("sample ask", json!({"how": how})).await;
        assert_eq!(outcome.stdout, answer, "{outcome:?}");
    }
    module.shutdown().await;
}

#[tokio::test]
async fn each_failure_of_a_call_has_its_number() {
    let module = sample().await;
    for (how, retval, stderr) in [
        ("module", -2, "the test host has no module 'none'"),
        ("none", -95, "module 'adder' has no 'none'"),
        ("fail", -22, "as asked"),
        ("hang", -110, "too late"),
        ("scalar", -22, "1 is not a list of arguments; give a tuple such as (x,)"),
        (
            "shape",
            -22,
            "the answer of adder.text is not of the expected shape: invalid type: string \
             \"seven\", expected i64 at line 1 column 7",
        ),
    ] {
        let outcome = module.command("sample ask", json!({"how": how})).await;
        assert_eq!((outcome.retval, &*outcome.stderr), (retval, stderr));
    }
    module.shutdown().await;
}

#[tokio::test]
async fn remote_methods_take_and_return_types() {
    let module = sample().await;
    assert_eq!(module.declaration().methods, ["add", "huge", "total"]);
    assert_eq!(module.call("add", (1,)).await, Ok(json!(11)));
    assert_eq!(module.call("add", (i64::MAX,)).await, Err(raised("too much")));
    assert_eq!(
        module.call("none", ()).await,
        Err(RemoteError::NoMethod("there is no method 'none'".into()))
    );
    assert_eq!(module.call("add", ()).await, Err(raised("argument 'a' is missing")));
    let sums = json!([{"x": {"a": 1, "b": 2}}]);
    assert_eq!(module.call("total", sums).await, Ok(json!(3)));
    module.shutdown().await;
}

#[tokio::test]
async fn a_result_that_is_too_large_is_an_error_and_the_module_lives() {
    let module = sample().await;
    let Err(RemoteError::Raised(why)) = module.call("huge", (79 << 20,)).await else { panic!() };
    assert!(why.starts_with("the result of the method has 82837"), "{why}");
    assert!(why.contains("room for 75496448"), "{why}");
    assert_eq!(module.call("add", (1,)).await, Ok(json!(11)));
    module.shutdown().await;
}

fn raised(message: &str) -> RemoteError {
    RemoteError::Raised(message.to_owned())
}
