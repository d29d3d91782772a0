//! Finds the place of a crash in the last lines of a module, and leaves out the frames of the SDKs.

use std::ops::Range;

/// Where Python packages are installed.
const PACKAGES: [&str; 3] = ["/site-packages/", "/dist-packages/", "/sdk-python/src/"];
/// The parts of the Python SDK there.
const PYTHON_SDK: [&str; 5] =
    ["mgrd/", "mgr_module/", "ceph_module/", "object_format.py", "ceph_argparse.py"];
/// The importing part of Python itself.
const IMPORTING: &str = "<frozen ";
/// How the frames begin that are part of every Rust program on the SDK.
const RUST_SDK: [&str; 9] = [
    "mgrd_sdk::",
    "<mgrd_sdk::",
    "std::",
    "core::",
    "<core::",
    "tokio::",
    "rust_begin_unwind",
    "__rust",
    "__libc_start",
];
/// How far before its frames the text of an error is looked for.
const BEFORE: usize = 5;

/// Where and with what error a program failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Traceback {
    /// The frames, in the order of the text.
    pub(super) frames: Vec<String>,
    /// The error; empty if there is none.
    pub(super) error: String,
    /// The type of a Python exception; empty if it is none.
    pub(super) exception: String,
}

/// Consecutive frames, each with its lines.
struct Block {
    frames: Vec<Range<usize>>,
}

/// Which of these lines to show: all but the frames of the SDK. If all frames belong to the SDK, they
/// say where it failed, and stay.
pub(super) fn shown(lines: &[&str]) -> Vec<bool> {
    let mut shown = vec![true; lines.len()];
    for block in blocks(lines) {
        let foreign = |frame: &&Range<usize>| is_sdk(lines[frame.start]);
        if block.frames.iter().all(|frame| foreign(&frame)) {
            continue;
        }
        for frame in block.frames.iter().filter(foreign) {
            shown[frame.clone()].fill(false);
        }
    }
    shown
}

/// The last traceback in these lines, or that of the thread that failed.
pub(super) fn find(lines: &[&str]) -> Option<Traceback> {
    let blocks = blocks(lines);
    let before = |block: &&Block| block.start().checked_sub(1).map_or("", |line| lines[line]);
    let failed = blocks.iter().rev().find(|block| before(block).starts_with("Current thread"));
    let Some(block) = failed.or(blocks.last()) else { return panic(lines) };
    let frames = block.frames.iter().map(|frame| lines[frame.clone()].join("\n")).collect();
    let earlier = &lines[block.start().saturating_sub(BEFORE)..block.start()];
    let fatal = earlier
        .iter()
        .rposition(|line| line.starts_with("Fatal Python error") || line.contains("panicked at"));
    let (error, exception) = match (fatal, lines.get(block.end())) {
        (Some(at), _) => (message(&earlier[at..]), String::new()),
        (None, Some(next)) if before(&block).ends_with("(most recent call last):") => {
            ((*next).to_owned(), exception(next))
        }
        _ => Default::default(),
    };
    Some(Traceback { frames, error, exception })
}

/// A panic of a Rust program that prints no frames.
fn panic(lines: &[&str]) -> Option<Traceback> {
    let at = lines.iter().rposition(|line| line.contains("panicked at"))?;
    let last = lines.len().min(at + 2);
    Some(Traceback { error: message(&lines[at..last]), ..Traceback::default() })
}

/// The text of an error, up to the line that introduces its frames.
fn message(lines: &[&str]) -> String {
    let introduces = |line: &str| {
        line.is_empty()
            || line.starts_with("stack backtrace")
            || line.starts_with("note: ")
            || line.ends_with("(most recent call first):")
    };
    let text = lines.iter().take_while(|line| !introduces(line));
    text.copied().collect::<Vec<_>>().join(" ")
}

/// The type of an exception: what stands before the colon, if it is a name.
fn exception(line: &str) -> String {
    let name = line.split(':').next().unwrap_or_default();
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    if is_name { name.to_owned() } else { String::new() }
}

impl Block {
    fn start(&self) -> usize {
        self.frames.first().map_or(0, |frame| frame.start)
    }

    fn end(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.end)
    }
}

fn blocks(lines: &[&str]) -> Vec<Block> {
    let (mut blocks, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        let rust = at > 0 && lines[at - 1].trim() == "stack backtrace:";
        let begins = |line: &str| if rust { is_rust_frame(line) } else { is_python_frame(line) };
        let mut frames = Vec::new();
        while lines.get(at).is_some_and(|line| begins(line)) {
            let belongs = |line: &&&str| belongs(line, lines[at]) && !begins(line);
            let end = at + 1 + lines[at + 1..].iter().take_while(belongs).count();
            frames.push(at..end);
            at = end;
        }
        if frames.is_empty() {
            at += 1;
        } else {
            blocks.push(Block { frames });
        }
    }
    blocks
}

/// Whether a line belongs to the frame that begins with `first`, such as its source.
fn belongs(line: &str, first: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    indent(line) > indent(first) || line.trim_start().starts_with("[Previous line repeated")
}

fn is_python_frame(line: &str) -> bool {
    line.starts_with(' ') && python_file(line).is_some()
}

fn python_file(line: &str) -> Option<&str> {
    Some(line.trim_start().strip_prefix("File \"")?.split_once('"')?.0)
}

fn is_rust_frame(line: &str) -> bool {
    rust_function(line).is_some()
}

fn rust_function(line: &str) -> Option<&str> {
    let (number, name) = line.trim_start().split_once(": ")?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| match name.split_once(" - ") {
        Some((address, name)) if address.starts_with("0x") => name,
        _ => name,
    })
}

/// Whether the frame that begins with this line is of an SDK.
fn is_sdk(line: &str) -> bool {
    let Some(file) = python_file(line) else {
        let function = rust_function(line).unwrap_or_default();
        return RUST_SDK.iter().any(|start| function.starts_with(start));
    };
    let in_package = |packages: &&str| {
        let rest = file.rsplit_once(*packages).map(|(_, rest)| rest);
        rest.is_some_and(|rest| PYTHON_SDK.iter().any(|part| rest.starts_with(part)))
    };
    file.starts_with(IMPORTING) || PACKAGES.iter().any(in_package)
}

#[cfg(test)]
mod tests;
