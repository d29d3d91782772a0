//! A module that uses everything, on the host of a test.

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::{TestHost, TestModule};
use mgrd_sdk::{Input, Outcome, Output, RemoteError};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Notify;

#[derive(Options)]
struct SampleOptions {
    /// How to speak.
    ///
    /// Longer words.
    #[option(default = "loud", enum_allowed("loud", "low"), runtime, level = "basic")]
    voice: String,
    /// How often.
    #[option(default = 2, min = 1, max = 9, see_also("voice"), tags("a", "b"))]
    times: u32,
    /// How long.
    #[option(type = "size")]
    length: Option<u64>,
    /// Whether at all.
    #[option(default = true)]
    on: bool,
}

struct Sample {
    host: Host,
    options: Live<SampleOptions>,
    never: Notify,
}

#[derive(Serialize)]
struct Point {
    x: i64,
    y: f64,
}

#[commands]
impl Sample {
    /// Makes a point
    /// of numbers.
    ///
    /// Not part of the help.
    #[command("sample point", perm = "r")]
    async fn point(
        &self,
        #[arg(range = "0|9")] x: i64,
        #[arg(default = 0.5)] y: f64,
    ) -> Result<Point> {
        Ok(Point { x, y })
    }

    #[command("sample list", poll)]
    fn list(
        &self,
        names: Vec<String>,
        flag: bool,
        #[arg(choices("a", "b"), default = "b")] kind: String,
        ids: Option<Vec<u32>>,
    ) -> Result<String, std::num::ParseIntError> {
        Ok(format!("{names:?} {flag} {kind} {ids:?}"))
    }

    #[command("sample input")]
    async fn input(&self, input: Input, output: Output) -> Result<usize> {
        output.write("read ").await;
        Ok(input.require()?.len())
    }

    #[command("sample fail")]
    async fn fail(&self, how: String) -> Result<()> {
        match how.as_str() {
            "number" => {
                "x".parse::<u8>()?;
                Ok(())
            }
            "panic" => panic!("as asked"),
            _ => Err(Error::new(Errno::EBUSY, format!("no way to fail {how}"))),
        }
    }

    #[command("sample hang")]
    async fn hang(&self) -> Result<()> {
        self.never.notified().await;
        Ok(())
    }

    #[command("sample options")]
    async fn options(&self) -> Result<Value> {
        let options = self.options.get();
        Ok(json!([options.voice, options.times, options.length, options.on]))
    }

    #[command("sample remember")]
    async fn remember(&self, key: String, value: Option<String>) -> Result<Value> {
        let store = self.host.store();
        match value {
            Some(value) => store.set(&key, value).await?,
            None => store.remove(&key).await?,
        }
        Ok(json!(store.prefix("")))
    }

    #[command("sample document")]
    async fn document(&self, name: String) -> Result<Option<Value>> {
        Ok(self.host.get(&name).await?)
    }

    #[command("sample ask")]
    async fn ask(&self, module: String) -> Result<Value> {
        Ok(self.host.remote(module).call("add", (1, 2)).await?)
    }

    #[command("sample cluster")]
    async fn cluster(&self) -> Result<Outcome> {
        Ok(self.host.command("osd down").arg("ids", json!(["1"])).run().await?)
    }

    #[remote]
    async fn add(&self, a: i64, b: Option<i64>) -> Result<i64, RemoteError> {
        a.checked_add(b.unwrap_or(10)).ok_or_else(|| RemoteError::Raised("too much".to_owned()))
    }
}

impl Module for Sample {
    type Options = SampleOptions;
    const NOTIFY: &'static [&'static str] = &["osd_map"];

    async fn start(host: Host, options: Live<SampleOptions>) -> Result<Self> {
        Ok(Self { host, options, never: Notify::new() })
    }

    /// Warns of each OSD that is told.
    async fn serve(&self, shutdown: Shutdown) -> Result<()> {
        let mut notifications = self.host.notifications();
        loop {
            let news = tokio::select! {
                Some(news) = notifications.next() => news,
                () = shutdown.requested() => return Ok(()),
            };
            if news.id == json!("fail") {
                return Err(Error::invalid("told to fail"));
            }
            let check = HealthCheck::warning("SAMPLE", format!("{} {}", news.kind, news.id));
            self.host.set_health_checks([check.detail(["one", "two"])]).await?;
        }
    }
}

async fn sample() -> TestModule {
    TestHost::new()
        .option("times", "3")
        .option("x/voice", "low")
        .store("old", "1")
        .document("osd_map", &json!({"epoch": 1}))
        .remote("adder", "add", |args| match &args[..] {
            [a, b] => Ok(json!(a.as_i64().zip(b.as_i64()).map(|(a, b)| a + b))),
            _ => Err("it takes two".to_owned()),
        })
        .cluster_command("osd down", Outcome { retval: -2, ..Outcome::output("out") })
        .start::<Sample>()
        .await
}

async fn text(module: &TestModule, prefix: &str, args: Value) -> String {
    let outcome = module.command(prefix, args).await;
    assert_eq!((outcome.retval, outcome.stderr.as_str()), (0, ""), "{prefix}");
    String::from_utf8_lossy(&outcome.stdout).into_owned()
}

#[tokio::test]
async fn functions_become_descriptors() {
    let module = sample().await;
    let declaration = module.declaration();
    let command = |prefix: &str| {
        declaration.commands.iter().find(|c| c.cmd.starts_with(prefix)).unwrap().clone()
    };
    let point = command("sample point");
    let expected = "sample point name=x,type=CephInt,range=0|9 name=y,type=CephFloat,req=false";
    assert_eq!(point.cmd, expected);
    assert_eq!((point.desc.as_str(), point.perm.as_str()), ("Makes a point of numbers.", "r"));
    let list = command("sample list");
    let expected = "sample list name=names,type=CephString,n=N \
                    name=flag,type=CephBool,req=false \
                    name=kind,type=CephChoices,req=false,strings=a|b \
                    name=ids,type=CephInt,n=N,range=0|4294967295,req=false";
    assert_eq!(list.cmd, expected);
    assert!(list.poll && !point.poll);
    assert_eq!(command("sample input").cmd, "sample input");
    assert_eq!((declaration.methods, declaration.notify_types.len()), (vec!["add".into()], 1));
    module.shutdown().await;
}

#[tokio::test]
async fn fields_become_options() {
    let module = sample().await;
    let options = module.declaration().options;
    let names: Vec<_> = options.iter().map(|option| (&*option.name, &*option.r#type)).collect();
    let expected = [("voice", "str"), ("times", "uint"), ("length", "size"), ("on", "bool")];
    assert_eq!(names[..4], expected);
    let logging: Vec<_> = names[4..].iter().map(|(name, _)| *name).collect();
    assert_eq!(logging, ["log_level", "log_to_file", "log_to_cluster", "log_to_cluster_level"]);
    assert_eq!(options[0].default_value.as_deref(), Some("loud"));
    assert_eq!(options[0].enum_allowed, ["loud", "low"]);
    assert_eq!((&*options[0].desc, &*options[0].long_desc), ("How to speak.", "Longer words."));
    assert!(options[0].runtime && !options[1].runtime);
    assert_eq!((options[1].min.as_deref(), options[1].max.as_deref()), (Some("1"), Some("9")));
    module.shutdown().await;
}

#[tokio::test]
async fn arguments_are_read_and_results_formatted() {
    let module = sample().await;
    assert_eq!(
        text(&module, "sample point", json!({"x": 1, "format": "json"})).await,
        r#"{"x":1,"y":0.5}"#
    );
    assert_eq!(
        text(&module, "sample point", json!({"x": 1, "y": 2, "format": "yaml"})).await,
        "x: 1\ny: 2.0\n"
    );
    let list =
        text(&module, "sample list", json!({"names": ["a"], "flag": true, "ids": [3]})).await;
    assert_eq!(list, r#"["a"] true b Some([3])"#);
    let outcome = module.command_with_input("sample input", json!({}), Some(b"four")).await;
    assert_eq!(outcome.stdout, "read 4");
    module.shutdown().await;
}

#[tokio::test]
async fn failures_have_an_errno_and_a_text() {
    let module = sample().await;
    for (prefix, args, retval, stderr) in [
        ("sample fail", json!({"how": "x"}), -16, "no way to fail x"),
        ("sample fail", json!({"how": "number"}), -22, "invalid digit found in string"),
        ("sample fail", json!({"how": "panic"}), -5, "it panicked: as asked"),
        ("sample fail", json!({}), -22, "how: it is missing; give a text"),
        ("sample none", json!({}), -2, "there is no command 'sample none'"),
        ("sample input", json!({}), -22, "input data is missing; give it with -i FILE"),
        (
            "sample ask",
            json!({"module": "none"}),
            -2,
            "the test host has no module 'none' with this method",
        ),
        (
            "sample point",
            json!({"x": 1, "format": "xml"}),
            -22,
            "unknown format 'xml'; use plain, json, json-pretty or yaml",
        ),
    ] {
        let outcome = module.command(prefix, args).await;
        assert_eq!((outcome.retval, &*outcome.stderr), (retval, stderr), "{prefix}");
    }
    module.shutdown().await;
}

#[tokio::test]
async fn options_are_always_current() {
    let module = sample().await;
    let options = || text(&module, "sample options", json!({"format": "json"}));
    assert_eq!(options().await, r#"["low",3,null,true]"#);
    module.set_option("times", "4");
    module.set_option("length", "1024");
    module.set_option("on", "false");
    assert_eq!(options().await, r#"["low",4,1024,false]"#);
    module.shutdown().await;
}

#[tokio::test]
async fn a_write_is_read_at_once_and_the_host_has_it() {
    let module = sample().await;
    let args = json!({"key": "new", "value": "2", "format": "json"});
    assert_eq!(text(&module, "sample remember", args).await, r#"{"new":"2","old":"1"}"#);
    let args = json!({"key": "old", "format": "json"});
    assert_eq!(text(&module, "sample remember", args).await, r#"{"new":"2"}"#);
    assert_eq!(module.store(), [("new".to_owned(), "2".to_owned())].into());
    module.shutdown().await;
}

#[tokio::test]
async fn a_document_is_the_newest() {
    let module = sample().await;
    let read =
        |name: &str| text(&module, "sample document", json!({"name": name, "format": "json"}));
    for epoch in 1..4 {
        module.set_document("osd_map", &json!({"epoch": epoch}));
        for _ in 0..2 {
            assert_eq!(read("osd_map").await, format!(r#"{{"epoch":{epoch}}}"#));
        }
    }
    assert_eq!(read("none").await, "null");
    module.shutdown().await;
}

#[tokio::test]
async fn modules_call_each_other() {
    let module = sample().await;
    assert_eq!(text(&module, "sample ask", json!({"module": "adder"})).await, "3");
    assert_eq!(module.call("add", json!([1])).await, Ok(json!(11)));
    assert_eq!(module.call("add", json!([i64::MAX])).await, Err("too much".into()));
    assert_eq!(module.call("none", json!([])).await, Err("there is no method 'none'".into()));
    assert_eq!(module.call("add", json!([])).await, Err("argument 'a' is missing".into()));
    let outcome = module.command("sample cluster", json!({})).await;
    assert_eq!((outcome.retval, &*outcome.stdout), (-2, &b"out"[..]));
    module.shutdown().await;
}

#[tokio::test]
async fn notifications_reach_serve_and_health_checks_the_host() {
    let module = sample().await;
    module.notify("osd_map", &json!(7));
    let checks = module.wait_for_health(|checks| !checks.is_empty()).await;
    let expected = HealthCheck::warning("SAMPLE", "osd_map 7").detail(["one", "two"]);
    assert_eq!((checks[0].count, &checks[..]), (2, &[expected][..]));
    module.shutdown().await;
}

#[tokio::test]
async fn a_module_whose_serve_failed_still_answers() {
    let module = sample().await;
    module.notify("osd_map", &json!("fail"));
    assert_eq!(module.wait_for_failure().await, "told to fail");
    assert_eq!(
        text(&module, "sample point", json!({"x": 1, "format": "json"})).await,
        r#"{"x":1,"y":0.5}"#
    );
}

#[tokio::test]
async fn a_hanging_command_neither_stops_others_nor_the_end() {
    let module = sample().await;
    let hanging = module.command("sample hang", json!({}));
    let rest = async {
        let (busy_ms, busy_with) = module.ping().await;
        assert!(busy_ms > 0);
        assert_eq!(busy_with, "command 'sample hang'");
        text(&module, "sample options", json!({})).await
    };
    tokio::select! {
        biased;
        outcome = hanging => panic!("it ended: {outcome:?}"),
        _ = rest => {}
    }
    module.shutdown().await;
}
