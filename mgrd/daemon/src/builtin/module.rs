//! `mgr module …`: the modules and their processes.

use mgrd_command::Outcome;
use serde_json::{Value, json};

use super::module_limit::limit;
use super::{Builtin, Request, TextTable, later};
use crate::health::span;
use crate::module::{Keeper, ManualStart, ModuleState, ModuleStatus, Modules, mechanism};
use crate::module_limits::Limit;

/// The commands.
pub const COMMANDS: &[Builtin<Modules>] = &[
    Builtin {
        cmd: "mgr module ls",
        help: "list the modules, their states and their processes",
        perm: "r",
        run: |modules, request| later(list(modules, request)),
    },
    Builtin {
        cmd: "mgr module enable name=module,type=CephString \
              name=force,type=CephChoices,strings=--force,req=false",
        help: "enable a module and start it",
        perm: "rw",
        run: |modules, request| later(enable(modules, request)),
    },
    Builtin {
        cmd: "mgr module disable name=module,type=CephString",
        help: "stop a module and disable it",
        perm: "rw",
        run: |modules, request| later(disable(modules, request)),
    },
    Builtin {
        cmd: "mgr module restart name=module,type=CephString",
        help: "restart an enabled module and forget its failures",
        perm: "rw",
        run: |modules, request| later(restart(modules, request)),
    },
    Builtin {
        cmd: "mgr module stacks name=module,type=CephString",
        help: "show what the threads of a module do now",
        perm: "r",
        run: |modules, request| later(stacks::stacks(modules, request)),
    },
    Builtin {
        cmd: "mgr module limit name=module,type=CephString \
              name=limits,type=CephString,n=N,req=false name=reset,type=CephBool,req=false",
        help: "show the limits of a module; NAME=VALUE sets one, NAME=default or --reset takes it back; the names \
               are memory, memory_warning, cpu, cpu_weight, processes, open_files, lines_per_second, \
               line_bytes_per_second, log_records_per_second, log_bytes_per_second, in_flight, \
               caller_in_flight, command_deadline, message_bytes, connections, store_bytes, store_keys, \
               store_value_bytes",
        perm: "rw",
        run: |modules, request| later(limit(modules, request)),
    },
    Builtin {
        cmd: "mgr module debug name=module,type=CephString name=end,type=CephBool,req=false",
        help: "run a module by hand, such as in a debugger; --end gives it back",
        perm: "rwx",
        run: |modules, request| later(debug(modules, request)),
    },
];

async fn enable(modules: &Modules, request: &Request) -> Outcome {
    let force = request.args.contains_key("force");
    let name = request.text("module").unwrap_or_default();
    let mut outcome = said(modules.enable(name, force).await);
    if outcome.retval == 0 {
        for flaw in modules.left_out(name) {
            let line = flaw.of_module(name);
            outcome.stderr = format!("{}\n{line}", outcome.stderr).trim_start().to_owned();
        }
    }
    outcome
}

async fn disable(modules: &Modules, request: &Request) -> Outcome {
    said(modules.disable(request.text("module").unwrap_or_default()).await)
}

async fn restart(modules: &Modules, request: &Request) -> Outcome {
    said(modules.restart(request.text("module").unwrap_or_default()).await)
}

fn said(result: Result<String, crate::module::ModuleError>) -> Outcome {
    result.map_or_else(Outcome::from, Outcome::status)
}

/// Prints one line that a shell can run.
async fn debug(modules: &Modules, request: &Request) -> Outcome {
    let name = request.text("module").unwrap_or_default();
    if request.flag("end") {
        return modules.end_debug(name).await.map_or_else(Outcome::from, |()| Outcome::default());
    }
    modules.debug(name).await.map_or_else(Outcome::from, |start| by_hand(name, &start))
}

/// The line that starts a module by hand, and how to give the module back.
fn by_hand(name: &str, start: &ManualStart) -> Outcome {
    let ours = |name: &str| name.starts_with("MGRD_");
    let environment = start.environment.iter().filter(|(name, _)| ours(name));
    let words = environment.map(|(name, value)| format!("{name}={}", quoted(value)));
    let words = words.chain(start.command.iter().map(|word| quoted(word)));
    let line = words.collect::<Vec<_>>().join(" ") + "\n";
    let stderr = format!("give it back with: mgrctl mgr module debug {name} --end");
    Outcome { stderr, ..Outcome::ok(line) }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

async fn list(modules: &Modules, request: &Request) -> Outcome {
    modules.forget_gone().await;
    let all = modules.list();
    let flaws = |module: &ModuleStatus| -> Vec<String> {
        modules.left_out(&module.name).iter().map(ToString::to_string).collect()
    };
    let named = |pick: fn(&ModuleStatus) -> bool| {
        all.iter().filter(|m| pick(m)).map(|m| m.name.clone()).collect::<Vec<_>>()
    };
    let disabled: Vec<Value> = modules
        .available()
        .into_iter()
        .filter(|info| !all.iter().any(|m| m.enabled && info["name"] == m.name.as_str()))
        .collect();
    let value = json!({
        "always_on_modules": [],
        "enabled_modules": named(|m| m.enabled),
        "disabled_modules": disabled,
        "processes": all.iter().map(|m| process(m, &flaws(m))).collect::<Vec<_>>(),
    });
    let rows = all.iter().map(|module| (module, reason(module, &flaws(module))));
    request.format.render(&value, || table(rows))
}

/// `rows` are modules and their reasons.
fn table<'a>(rows: impl Iterator<Item = (&'a ModuleStatus, String)>) -> String {
    let titles =
        ["MODULE", "STATE", "PID", "MEMORY", "CPU", "LIMITS", "RESTARTS", "USER", "REASON"];
    let mut table = TextTable::new(titles).right(&[2, 3, 4, 6]);
    let mut has_users = false;
    for (module, reason) in rows {
        has_users |= module.run_as.is_some();
        let running = module.pid != 0;
        let may_restart = module.enabled && module.state != ModuleState::Absent;
        let figure = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        table.row([
            module.name.clone(),
            module.state.to_string(),
            figure(running.then(|| module.pid.to_string())),
            figure(module.usage.map(|usage| format!("{} MiB", usage.rss_bytes >> 20))),
            figure(module.usage.map(|usage| span(usage.cpu))),
            figure(module.controllers.filter(|_| running).map(mechanism)),
            if may_restart { module.restarts.to_string() } else { "-".to_owned() },
            figure(module.run_as.clone()),
            reason,
        ]);
    }
    if !has_users {
        table.drop_column(titles.len() - 2);
    }
    table.render()
}

/// Why the module is in its state, its last words if it does not run, and what is left out.
fn reason(module: &ModuleStatus, flaws: &[String]) -> String {
    let mut parts = Vec::new();
    let reason = module.reason.as_ref().or(module.cannot_run.as_ref()).map(ToString::to_string);
    let own = module.warning.as_ref().map(ToString::to_string).or(reason).unwrap_or_default();
    parts.extend((!own.is_empty()).then(|| own.clone()));
    if let Some(next) = module.next_try {
        parts.push(format!("next try in {}", span(next)));
    }
    if module.unstable && module.pid != 0 && own.is_empty() {
        parts.push(format!("restarted: {}", module.last_end_text()));
    }
    if module.pid == 0 && module.enabled {
        let unsaid = module.last_words.last().filter(|line| !own.contains(line.trim()));
        parts.extend(unsaid.map(|line| format!("last words: {line}")));
        parts.extend(module.last_crash.iter().map(|id| format!("report: mgr crash info {id}")));
    }
    parts.extend(flaws.iter().map(|flaw| format!("left out: {flaw}")));
    parts.join("; ").replace('\n', " ")
}

fn process(module: &ModuleStatus, flaws: &[String]) -> Value {
    json!({
        "name": module.name,
        "enabled": module.enabled,
        "state": module.state.name(),
        "reason": module.reason_text(),
        "pid": module.pid,
        "rss_bytes": module.usage.map(|usage| usage.rss_bytes),
        "cpu_seconds": module.usage.map(|usage| usage.cpu.as_secs_f64()),
        "run_as": module.run_as,
        "sandbox": module.sandbox.names(),
        "limits_kept_by": module.controllers.map(|controllers| json!({
            "memory": Keeper::of(Limit::Memory, controllers).to_string(),
            "processes": Keeper::of(Limit::Processes, controllers).to_string(),
            "cpu": Keeper::of(Limit::Cpu, controllers).to_string(),
        })),
        "restarts": module.restarts,
        "next_try_seconds": module.next_try.map(|next| next.as_secs_f64()),
        "queued": module.queued,
        "in_flight": module.in_flight,
        "last_exit": module.last_end_text(),
        "last_words": module.last_words,
        "last_crash": module.last_crash,
        "runtime": module.runtime,
        "sdk": module.sdk,
        "path": module.path,
        "left_out": flaws,
    })
}

mod stacks;

#[cfg(test)]
mod tests;
