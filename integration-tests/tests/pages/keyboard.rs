//! Carrying out what a `console` block shows.

use std::time::Instant;

use integration_tests::LONG;

use crate::terminal::{Seen, Terminal};
use crate::transcript::{Step, Typed, is_as_shown};

/// Does one step; `next` is what is typed after it in the same block. The error is what came instead
/// of what is shown.
pub(crate) fn carry_out(
    terminal: &mut Terminal,
    step: &Step,
    next: Option<&Typed>,
) -> Result<(), String> {
    let end = Instant::now() + LONG;
    terminal.patience = if step.typed.says("takes a minute") { 10 * LONG } else { LONG };
    loop {
        let done = type_and_compare(terminal, step, next);
        if done.is_ok() || !step.typed.says("repeat until") || Instant::now() > end {
            return done;
        }
    }
}

fn type_and_compare(
    terminal: &mut Terminal,
    step: &Step,
    next: Option<&Typed>,
) -> Result<(), String> {
    let left = terminal.left.take();
    // What runs in the terminal was left running when it was started.
    let may_go_on = left.is_some() && matches!(step.typed, Typed::Nothing | Typed::Answer { .. });
    let (echo, before) = match (&step.typed, left) {
        (Typed::Nothing, left) => left.unwrap_or_default(),
        (Typed::Command(line), left) => {
            if let Some((echo, shown)) = left {
                let ended = await_end(terminal, &echo, &shown);
                ended.map_err(|what| format!("{what}\n… from what was left running before"))?;
            }
            (format!("{line}\n"), String::new())
        }
        (Typed::Answer { text, .. }, _) => (format!("{text}\n"), String::new()),
        (Typed::Key { key, .. }, _) => (format!("^{key}"), String::new()),
    };
    let shown = before + &step.shown;
    match &step.typed {
        Typed::Nothing => {}
        Typed::Key { key, .. } => terminal.type_in(&char::from(*key as u8 & 0x1f).to_string()),
        Typed::Command(_) | Typed::Answer { .. } => terminal.type_in(&echo),
    }
    let asks = next.map(Typed::prompt).filter(|prompt| !prompt.is_empty());
    let done = match (asks, &step.typed) {
        (Some(prompt), _) => await_prompt(terminal, &echo, &shown, prompt),
        (None, Typed::Command(_)) if step.typed.says("leave it running") => {
            await_output(terminal, &echo, &shown)
        }
        (None, Typed::Answer { .. }) if may_go_on => await_output(terminal, &echo, &shown),
        (None, _) => return await_end(terminal, &echo, &shown),
    };
    if may_go_on || step.typed.says("leave it running") {
        terminal.left = Some((echo, shown));
    }
    done
}

/// Waits until a program asks for what is typed next.
fn await_prompt(
    terminal: &mut Terminal,
    echo: &str,
    shown: &str,
    prompt: &str,
) -> Result<(), String> {
    let seen = terminal.watch(echo, |seen| seen.text().ends_with(prompt));
    let output = seen.text().strip_suffix(prompt);
    compare(shown, output.unwrap_or(seen.text()), output.is_some())
}

/// Waits until what is shown is there.
fn await_output(terminal: &mut Terminal, echo: &str, shown: &str) -> Result<(), String> {
    let is_there = |seen: &Seen| shown.is_empty() || is_as_shown(shown, seen.text());
    let seen = terminal.watch(echo, is_there);
    if is_there(&seen) { Ok(()) } else { Err(seen.text().to_owned()) }
}

/// Waits until a command has ended. One that fails must say why.
fn await_end(terminal: &mut Terminal, echo: &str, shown: &str) -> Result<(), String> {
    match terminal.watch(echo, |seen| matches!(seen, Seen::Prompt(..))) {
        Seen::Running(text) => Err(format!("{text}… and it does not end")),
        Seen::Prompt(text, status) => compare(shown, &text, status == 0 || !text.is_empty()),
    }
}

fn compare(shown: &str, output: &str, is_well: bool) -> Result<(), String> {
    if is_well && is_as_shown(shown, output) { Ok(()) } else { Err(output.to_owned()) }
}
