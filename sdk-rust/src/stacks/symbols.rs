//! The names of calls.

use std::ffi::c_void;
use std::fmt::Write;
use std::ptr;

/// What is ours in the stack of a thread that was asked.
const HANDLER: &str = "mgrd_sdk::stacks::capture";
/// The longest name of a function that is shown, in characters.
const NAME: usize = 200;

/// One line for each call, and one for its place if the program has debug information.
pub(super) fn named(frames: &[usize]) -> String {
    let mut calls: Vec<String> = frames.iter().enumerate().map(|(n, ip)| call(n, *ip)).collect();
    // The newest calls are the handler, and what the kernel enters it through.
    let handler = calls.iter().rposition(|call| call.contains(HANDLER));
    if let Some(handler) = handler {
        calls.drain(..(handler + 2).min(calls.len()));
    }
    calls.join("\n")
}

fn call(number: usize, ip: usize) -> String {
    // All but the newest call are where they go on: after the call, and maybe in the next function.
    let within = if number == 0 { ip } else { ip.saturating_sub(1) };
    let mut text = String::new();
    backtrace::resolve(ptr::without_provenance_mut::<c_void>(within), |symbol| {
        // Inlined functions are several symbols of one address, the innermost first.
        if !text.is_empty() {
            text.push('\n');
        }
        match symbol.name() {
            Some(name) => text.extend(format!("  {name:#}").chars().take(NAME)),
            None => _ = write!(text, "  {ip:#x}"),
        }
        if let (Some(file), Some(line)) = (symbol.filename(), symbol.lineno()) {
            let _ = write!(text, "\n      at {}:{line}", file.display());
        }
    });
    if text.is_empty() {
        text = format!("  {ip:#x}");
    }
    text
}

/// Gives back the memory that the last names took.
pub(super) fn forget() {
    backtrace::clear_symbol_cache();
}
