//! `mgr module stacks`: what the threads of a live module do.

use mgrd_command::Outcome;
use serde_json::{Value, json};

use crate::builtin::Request;
use crate::module::{Modules, Own, Stacks};

pub(super) async fn stacks(modules: &Modules, request: &Request) -> Outcome {
    match modules.stacks(request.text("module").unwrap_or_default()).await {
        Ok(stacks) => request.format.render(&described(&stacks), || format!("{stacks}\n")),
        Err(error) => error.into(),
    }
}

fn described(stacks: &Stacks) -> Value {
    let answered = match stacks.own {
        Own::Shown(_) => "module",
        Own::ByHandler(_) => "signal handler",
        Own::Silent(_) | Own::Stopped(_) | Own::ByHand => "nothing",
    };
    let threads = stacks.threads.threads.iter().map(|thread| {
        json!({
            "id": thread.id,
            "name": thread.name,
            "state": thread.state.to_string(),
            "system_call": thread.system_call,
            "waits_in": thread.waits_in,
            "kernel_stack": thread.kernel_stack,
        })
    });
    json!({
        "pid": stacks.pid,
        "answered": answered,
        "stacks": stacks.own.text(),
        "threads": threads.collect::<Vec<_>>(),
        "more_threads": stacks.threads.more,
    })
}
