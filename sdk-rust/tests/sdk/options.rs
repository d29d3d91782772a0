//! Options: how fields declare them, and that their values are always current.

use std::time::Duration;

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::{TestHost, TestModule};
use serde_json::{Value, json};

#[derive(Choices, Clone, Copy, Debug)]
enum Voice {
    Loud,
    Low,
}

#[derive(Options, Debug)]
struct SampleOptions {
    /// How to speak.
    ///
    /// Longer words.
    #[option(default = Voice::Loud, runtime, level = "basic")]
    voice: Voice,
    /// How often.
    #[option(default = 2, min = 1, max = 9, see_also("voice"), tags("a", "b"))]
    times: u32,
    /// How long.
    #[option(type = "size")]
    length: Option<u64>,
    /// Whether at all.
    #[option(default = true)]
    on: bool,
    /// How soon.
    delay: Duration,
    /// What.
    #[option(enum_allowed("a", "b"))]
    text: String,
}

struct Sample {
    host: Host,
    options: Live<SampleOptions>,
}

#[commands]
impl Sample {
    #[command("sample options")]
    async fn options(&self) -> Result<String> {
        let o = self.options.get();
        Ok(format!("{} {} {:?} {} {:?} {}", o.voice, o.times, o.length, o.on, o.delay, o.text))
    }

    #[command("sample changed")]
    async fn changed(&self) -> Result<u32> {
        let mut options = self.options.clone();
        self.host.set_option("times", Some("5")).await?;
        Ok(options.changed().await.map_or(0, |options| options.times))
    }

    #[command("sample set")]
    async fn set(&self, key: String, value: Option<String>, here: bool) -> Result<String> {
        match here {
            true => self.host.set_localized_option(&key, value.as_deref()).await?,
            false => self.host.set_option(&key, value.as_deref()).await?,
        }
        self.options().await
    }

    #[command("sample foreign")]
    async fn foreign(&self) -> Result<Value> {
        let tick: f64 = self.host.ceph_option("mgr_tick_period").await?;
        let memory: u64 = self.host.foreign_ceph_option("osd.3", "osd_memory_target").await?;
        let theirs: Option<bool> = self.host.module_option("other", "active").await?;
        let unset: Option<bool> = self.host.module_option("other", "nothing").await?;
        Ok(json!([tick, memory, theirs, unset]))
    }

    #[command("sample meddle")]
    async fn meddle(&self) -> Result<()> {
        Ok(self.host.set_module_option("other", "active", Some("false")).await?)
    }

    #[command("sample unknown")]
    async fn unknown(&self) -> Result<String> {
        Ok(self.host.ceph_option("no_such_option").await?)
    }
}

impl Module for Sample {
    type Options = SampleOptions;

    async fn start(host: Host, options: Live<SampleOptions>) -> Result<Self> {
        Ok(Self { host, options })
    }
}

async fn text(module: &TestModule, prefix: &str, args: Value) -> String {
    let outcome = module.command(prefix, args).await;
    assert_eq!((outcome.retval, outcome.stderr.as_str()), (0, ""), "{prefix}");
    String::from_utf8_lossy(&outcome.stdout).into_owned()
}

#[tokio::test]
async fn fields_become_options() {
    let module = TestHost::new().start::<Sample>().await;
    let options = module.declaration().options;
    let names: Vec<_> = options.iter().map(|option| (&*option.name, &*option.r#type)).collect();
    let expected = [
        ("voice", "str"),
        ("times", "uint"),
        ("length", "size"),
        ("on", "bool"),
        ("delay", "secs"),
        ("text", "str"),
    ];
    assert_eq!(names[..6], expected);
    let logging: Vec<_> = names[6..].iter().map(|(name, _)| *name).collect();
    assert_eq!(logging, ["log_level", "log_to_file", "log_to_cluster", "log_to_cluster_level"]);
    assert_eq!(options[0].default_value.as_deref(), Some("loud"));
    assert_eq!(options[0].enum_allowed, ["loud", "low"]);
    assert_eq!(options[5].enum_allowed, ["a", "b"]);
    assert_eq!((&*options[0].desc, &*options[0].long_desc), ("How to speak.", "Longer words."));
    assert!(options[0].runtime && !options[1].runtime);
    assert_eq!((options[1].min.as_deref(), options[1].max.as_deref()), (Some("1"), Some("9")));
    module.shutdown().await;
}

#[tokio::test]
async fn options_are_always_up_to_date() {
    let module = TestHost::new().option("times", "3").option("x/voice", "low");
    let module = module.start::<Sample>().await;
    let options = || text(&module, "sample options", json!({}));
    assert_eq!(options().await, "low 3 None true 0ns ");
    module.set_option("times", "4");
    module.set_option("length", "1024");
    module.set_option("on", "false");
    module.set_option("delay", "1.5");
    assert_eq!(options().await, "low 4 Some(1024) false 1.5s ");
    module.set_option("x/voice", None);
    module.set_option("times", None);
    assert_eq!(options().await, "loud 2 Some(1024) false 1.5s ");
    module.shutdown().await;
}

#[tokio::test]
async fn a_module_sets_its_own_options_and_sees_changes() {
    let module = TestHost::new().start::<Sample>().await;
    let set = |args| text(&module, "sample set", args);
    assert_eq!(set(json!({"key": "times", "value": "7"})).await, "loud 7 None true 0ns ");
    let here = json!({"key": "times", "value": "8", "here": true});
    assert_eq!(set(here).await, "loud 8 None true 0ns ");
    assert_eq!(set(json!({"key": "times", "here": true})).await, "loud 7 None true 0ns ");
    assert_eq!(module.seen().options, [("times".to_owned(), "7".to_owned())].into());
    assert_eq!(text(&module, "sample changed", json!({})).await, "5");
    let outcome = module.command("sample set", json!({"key": "none", "value": "1"})).await;
    assert_eq!((outcome.retval, &*outcome.stderr), (-22, "the module has no option 'none'"));
    module.shutdown().await;
}

#[tokio::test]
async fn options_of_other_modules_are_read_as_their_types() {
    let module = TestHost::new()
        .ceph_option("", "mgr_tick_period", 2.0)
        .ceph_option("osd.3", "osd_memory_target", 4096)
        .module_option("other", "active", true)
        .start::<Sample>()
        .await;
    let all = text(&module, "sample foreign", json!({"format": "json"})).await;
    assert_eq!(all, "[2.0,4096,true,null]");
    let unknown = module.command("sample unknown", json!({})).await;
    assert_eq!((unknown.retval, &*unknown.stderr), (-2, "option not found: no_such_option"));
    text(&module, "sample meddle", json!({})).await;
    let theirs = ("other".to_owned(), "active".to_owned());
    assert_eq!(module.seen().module_options, [(theirs, json!(false))].into());
    module.shutdown().await;
}
