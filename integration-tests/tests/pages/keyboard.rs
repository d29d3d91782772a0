//! Types the commands of a `console` block and compares their output.

use std::time::Instant;

use integration_tests::LONG;

use crate::error::BlockError;
use crate::terminal::{Seen, Terminal};
use crate::transcript::{Step, Typed, is_as_shown};

/// Does one step; `next` is what is typed after it in the same block.
pub(crate) fn carry_out(
    terminal: &mut Terminal,
    step: &Step,
    next: Option<&Typed>,
) -> Result<(), BlockError> {
    let end = Instant::now() + LONG;
    terminal.timeout = if step.typed.says("takes a minute") { 10 * LONG } else { LONG };
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
) -> Result<(), BlockError> {
    let left = terminal.left.take();
    // The page left the program in this terminal running.
    let may_go_on = left.is_some() && matches!(step.typed, Typed::Nothing | Typed::Answer { .. });
    let (echo, before) = match (&step.typed, left) {
        (Typed::Nothing, left) => left.unwrap_or_default(),
        (Typed::Command(line), left) => {
            if let Some((echo, shown)) = left {
                let ended = await_end(terminal, &echo, &shown);
                ended.map_err(|error| {
                    BlockError::Differs(format!("{error}\n… from the command left running before"))
                })?;
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

/// Waits until a program shows the prompt for the next input.
fn await_prompt(
    terminal: &mut Terminal,
    echo: &str,
    shown: &str,
    prompt: &str,
) -> Result<(), BlockError> {
    let seen = terminal.watch(echo, |seen| seen.text().ends_with(prompt));
    let output = seen.text().strip_suffix(prompt);
    compare(shown, output.unwrap_or(seen.text()), output.is_some())
}

/// Waits until the output is what the page shows.
fn await_output(terminal: &mut Terminal, echo: &str, shown: &str) -> Result<(), BlockError> {
    let is_there = |seen: &Seen| shown.is_empty() || is_as_shown(shown, seen.text());
    let seen = terminal.watch(echo, is_there);
    if is_there(&seen) { Ok(()) } else { Err(BlockError::Differs(seen.text().to_owned())) }
}

/// Waits until a command has ended. If it fails, it must print the reason.
fn await_end(terminal: &mut Terminal, echo: &str, shown: &str) -> Result<(), BlockError> {
    match terminal.watch(echo, |seen| matches!(seen, Seen::Prompt(..))) {
        Seen::Running(text) => Err(BlockError::Differs(format!("{text}… and it does not end"))),
        Seen::Prompt(text, status) => compare(shown, &text, status == 0 || !text.is_empty()),
    }
}

fn compare(shown: &str, output: &str, is_well: bool) -> Result<(), BlockError> {
    if is_well && is_as_shown(shown, output) {
        Ok(())
    } else {
        Err(BlockError::Differs(output.to_owned()))
    }
}
