//! Commands: how functions declare them, and how they are answered.

use std::fmt;

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::{TestHost, TestModule};
use mgrd_sdk::{Input, Outcome, Output, Raw, Readable};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Notify;

struct Sample {
    host: Host,
    never: Notify,
    dropped: Notify,
}

#[derive(Serialize)]
struct Point {
    x: i64,
    y: f64,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.x, self.y)
    }
}

#[derive(Choices, Clone, Copy, Debug)]
enum Shape {
    Round,
    NearlyRound,
    #[choice("4-sided")]
    Square,
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
        #[arg(default = 1)] times: u16,
    ) -> Result<Point> {
        Ok(Point { x, y: y * f64::from(times) })
    }

    #[command("sample shown")]
    fn shown(&self) -> Result<Readable<Point>> {
        Ok(Readable(Point { x: 1, y: 2.5 }))
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

    #[command("sample shape")]
    async fn shape(
        &self,
        shape: Shape,
        #[arg(default = Shape::Round)] other: Shape,
    ) -> Result<String> {
        Ok(format!("{shape} {other} {:?}", Shape::Square))
    }

    #[command("sample input")]
    async fn input(&self, input: Input, output: Output) -> Result<usize> {
        output.write("read ").await;
        Ok(input.require()?.len())
    }

    #[command("sample text")]
    async fn text(&self, input: Input) -> Result<Raw> {
        Ok(Raw(input.text()?.into()))
    }

    #[command("sample nothing")]
    async fn nothing(&self) -> Result<()> {
        Ok(())
    }

    #[command("sample both")]
    async fn both(&self) -> Result<Outcome> {
        Ok(Outcome::output("some").status("not all").errno(Errno::EAGAIN))
    }

    #[command("sample fail")]
    async fn fail(&self, how: String) -> Result<()> {
        match how.as_str() {
            "number" => {
                "x".parse::<u8>()?;
                Ok(())
            }
            "wrap" => "x".parse::<u8>().map(drop).map_err(|e| Error::wrap(Errno::ENOENT, e)),
            "panic" => panic!("as asked"),
            _ => Err(Error::new(Errno::EBUSY, format!("no way to fail {how}")).hint("try panic")),
        }
    }

    #[command("sample hang")]
    async fn hang(&self) -> Result<()> {
        struct Dropped<'a>(&'a Notify);
        impl Drop for Dropped<'_> {
            fn drop(&mut self) {
                self.0.notify_one();
            }
        }
        let _dropped = Dropped(&self.dropped);
        self.never.notified().await;
        Ok(())
    }

    #[command("sample cancelled")]
    async fn cancelled(&self) -> Result<()> {
        self.dropped.notified().await;
        Ok(())
    }

    #[command("sample authority")]
    async fn authority(&self) -> Result<bool> {
        Ok(self.host.is_authorized(&[("pool", "rbd")]).await?)
    }
}

impl Module for Sample {
    type Options = ();

    async fn start(host: Host, _options: Live<()>) -> Result<Self> {
        Ok(Self { host, never: Notify::new(), dropped: Notify::new() })
    }
}

async fn sample() -> TestModule {
    TestHost::new().start::<Sample>().await
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
    let expected = "sample point name=x,type=CephInt,range=0|9 name=y,type=CephFloat,req=false \
                    name=times,type=CephInt,range=0|65535,req=false";
    assert_eq!(point.cmd, expected);
    assert_eq!((point.desc.as_str(), point.perm.as_str()), ("Makes a point of numbers.", "r"));
    let list = command("sample list");
    let expected = "sample list name=names,type=CephString,n=N \
                    name=flag,type=CephBool,req=false \
                    name=kind,type=CephChoices,strings=a|b,req=false \
                    name=ids,type=CephInt,n=N,range=0|4294967295,req=false";
    assert_eq!(list.cmd, expected);
    assert!(list.poll && !point.poll);
    let shapes = "type=CephChoices,strings=round|nearly-round|4-sided";
    let expected = format!("sample shape name=shape,{shapes} name=other,{shapes},req=false");
    assert_eq!(command("sample shape").cmd, expected);
    assert_eq!(command("sample input").cmd, "sample input");
    module.shutdown().await;
}

#[tokio::test]
async fn arguments_are_read_and_results_formatted() {
    let module = sample().await;
    let point = |format: &str| text(&module, "sample point", json!({"x": 1, "format": format}));
    assert_eq!(point("json").await, r#"{"x":1,"y":0.5}"#);
    assert_eq!(point("yaml").await, "x: 1\ny: 0.5\n");
    assert_eq!(point("xml").await, "<result><x>1</x><y>0.5</y></result>");
    assert_eq!(text(&module, "sample shown", json!({})).await, "1 2.5");
    let list =
        text(&module, "sample list", json!({"names": ["a"], "flag": true, "ids": [3]})).await;
    assert_eq!(list, r#"["a"] true b Some([3])"#);
    let shape = text(&module, "sample shape", json!({"shape": "nearly-round"})).await;
    assert_eq!(shape, "nearly-round round Square");
    assert_eq!(text(&module, "sample nothing", json!({"format": "json"})).await, "");
    module.shutdown().await;
}

#[tokio::test]
async fn input_data_reaches_a_command_with_that_parameter() {
    let module = sample().await;
    let run = |prefix: &'static str, input| module.command_with_input(prefix, json!({}), input);
    assert_eq!(run("sample input", Some(b"four")).await.stdout, "read 4");
    assert_eq!(run("sample text", Some(b"two\nlines\n\n")).await.stdout, "two\nlines");
    for (prefix, input, stderr) in [
        ("sample input", None, "input data is missing; give it with -i FILE"),
        ("sample text", Some(&b"\n"[..]), "the input data is empty; give a file with content"),
        ("sample nothing", Some(b"x"), "the command takes no input data; leave out -i FILE"),
    ] {
        let outcome = run(prefix, input).await;
        assert_eq!((outcome.retval, &*outcome.stderr), (-22, stderr));
    }
    module.shutdown().await;
}

#[tokio::test]
async fn failures_have_an_errno_and_a_text() {
    let module = sample().await;
    for (prefix, args, retval, stderr) in [
        ("sample fail", json!({"how": "x"}), -16, "no way to fail x; try panic"),
        ("sample fail", json!({"how": "number"}), -22, "invalid digit found in string"),
        ("sample fail", json!({"how": "wrap"}), -2, "invalid digit found in string"),
        ("sample fail", json!({"how": "panic"}), -5, "it panicked: as asked"),
        ("sample fail", json!({}), -22, "how: it is missing; give a text"),
        (
            "sample shape",
            json!({"shape": "oval"}),
            -22,
            "shape: \"oval\" is not one of round, nearly-round, 4-sided",
        ),
        ("sample none", json!({}), -2, "there is no command 'sample none'"),
        (
            "sample point",
            json!({"x": 1, "format": "toml"}),
            -22,
            "unknown format 'toml'; use plain, json, json-pretty, xml, xml-pretty or yaml",
        ),
    ] {
        let outcome = module.command(prefix, args).await;
        assert_eq!((outcome.retval, &*outcome.stderr), (retval, stderr), "{prefix}");
    }
    let both = module.command("sample both", json!({})).await;
    assert_eq!((both.retval, &both.stdout[..], &*both.stderr), (-11, &b"some"[..], "not all"));
    module.shutdown().await;
}

#[tokio::test]
async fn a_hanging_command_delays_no_other_and_ends_when_its_client_disconnects() {
    let module = sample().await;
    let hanging = module.command("sample hang", json!({}));
    let rest = async {
        let (busy_ms, busy_with) = module.ping().await;
        assert!(busy_ms > 0);
        assert_eq!(busy_with, "command 'sample hang'");
        text(&module, "sample nothing", json!({})).await
    };
    tokio::select! {
        biased;
        outcome = hanging => panic!("it ended: {outcome:?}"),
        _ = rest => {}
    }
    text(&module, "sample cancelled", json!({})).await;
    module.shutdown().await;
}

#[tokio::test]
async fn the_host_decides_what_a_client_may_do() {
    for (host, may) in [(TestHost::new(), "true"), (TestHost::new().refuse_authority(), "false")] {
        let module = host.start::<Sample>().await;
        assert_eq!(text(&module, "sample authority", json!({})).await, may);
        module.shutdown().await;
    }
}
