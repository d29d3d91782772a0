//! Any messages of a module, in one session. The hello is answered or refused, all that was asked of
//! the module ends, what it leaves can be shown, and its neighbour works as before.

use std::sync::Arc;
use std::time::Duration;

use mgrd_command::Outcome;
use mgrd_proto::v1::AttachRequest;
use mgrd_proto::v1::attach_response::Message as To;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio_stream::StreamExt;

use super::place::{NEIGHBOUR, Place, options_of_others, start};
use super::wire::{answered, ends, is_readable, is_text, rest, stream};
use crate::authority::Identity;
use crate::module::{CommandCall, CommandEvent, FromModule, Payload, RemoteCall, ToModule};
use crate::rpc::session::{Incoming, attach};

/// How long each command and each call waits for the module.
const PATIENCE: Duration = Duration::from_secs(9);
/// How many of each are under way.
const ASKED: usize = 5;

/// One session, with these messages.
async fn session(place: &Place, input: &[u8]) {
    let run = start(&place.host, "m").await;
    let mut parts = mgrd_fuzz::parts(input).into_iter();
    let (sender, messages) = stream::<AttachRequest>();
    sender.send(parts.next().unwrap_or_default());
    let messages = Incoming::new(messages, Arc::default());
    let attached = attach(place.host.clone(), run, None, place.usage.clone(), messages);
    match ends("the welcome", attached).await {
        Err(refused) => is_readable(&refused),
        Ok(answers) => {
            let mut answers = answers.fuse();
            let welcome = answers.next().await.unwrap().unwrap().message;
            assert!(matches!(welcome, Some(To::Welcome(_))), "{welcome:?}");
            let asked = ask(place);
            for part in parts {
                sender.send(part);
                answered(&mut answers).await;
                place.host.notifications().notify("osd_map", &1.into());
            }
            drop(sender);
            rest(&mut answers).await;
            drop(answers);
            all_end(asked).await;
        }
    }
    is_left_well(place).await;
}

/// Commands and calls that the module may answer, or not.
fn ask(place: &Place) -> JoinSet<()> {
    let mut asked = JoinSet::new();
    for _ in 0..ASKED {
        let modules = place.host.modules().clone();
        asked.spawn(async move {
            let call = CommandCall {
                prefix: "m go".into(),
                timeout: Some(PATIENCE),
                ..CommandCall::default()
            };
            match modules.execute("m", call).await {
                Ok(run) => assert!(run.outcome().await.stdout.len() <= 4096),
                Err(why) => is_text(&why.to_string()),
            }
        });
        let modules = place.host.modules().clone();
        asked.spawn(async move {
            let args = Payload { data: "[]".into(), encoding: String::new() };
            let call = RemoteCall {
                caller: NEIGHBOUR.into(),
                method: "f".into(),
                args,
                timeout: PATIENCE,
                ..RemoteCall::default()
            };
            if let Err(why) = modules.call("m", call).await {
                assert!(!why.to_string().is_empty());
            }
        });
    }
    asked
}

async fn all_end(mut asked: JoinSet<()>) {
    while let Some(ended) = ends("a command or a call", asked.join_next()).await {
        ended.unwrap();
    }
}

/// Nothing of the session goes on, what it declared can be shown, and the neighbour answers.
async fn is_left_well(place: &Place) {
    let (host, neighbour) = (&place.host, &place.neighbour);
    host.declare();
    let status = host.modules().get("m").unwrap();
    assert_eq!(status.in_flight, 0, "{status:?}");
    for command in ["mgr module ls", "config ls", "mgr module stat"] {
        let json = format!("{{\"prefix\": \"{command}\", \"module\": \"m\"}}");
        let (caller, request) = (Identity::default(), String::new());
        let shown = host.router().command(json.into(), None, &caller, PATIENCE, request).await;
        let text = String::from_utf8(shown.stdout.to_vec()).unwrap();
        let odd = text.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(odd, None, "{text:?}");
    }
    assert_eq!(options_of_others(host), place.options_of_others);
    let call = CommandCall { prefix: "n go".into(), ..CommandCall::default() };
    let run = host.modules().execute(NEIGHBOUR, call).await.unwrap();
    let id = loop {
        if let ToModule::Command { id, .. } = neighbour.next().await.unwrap() {
            break id;
        }
    };
    let event = CommandEvent::Done(Outcome::ok("here"));
    neighbour.deliver(FromModule::Command { id, event }).await;
    assert_eq!(run.outcome().await.stdout, "here");
}

#[test]
fn fuzz_session() {
    let runtime: Runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let place = runtime.block_on(async {
        let place = Place::new().await;
        // Only what hangs takes time from here on.
        tokio::time::pause();
        place
    });
    mgrd_fuzz::fuzz("session", |input| runtime.block_on(session(&place, input)));
}
