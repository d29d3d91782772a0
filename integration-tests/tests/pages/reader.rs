//! Somebody who does what a page says.

use std::collections::HashMap;
use std::time::Instant;

use integration_tests::{LONG, places};

use crate::home::Home;
use crate::page::{self, Block, Title};
use crate::terminal::{Seen, Terminal};
use crate::transcript::{self, Step, Typed, is_as_shown};

/// The terminal of blocks that name none.
const FIRST: &str = "the first terminal";

/// Does what a page says, and panics where something else happens than the page shows.
pub(crate) struct Reader {
    terminals: HashMap<String, Terminal>,
    page: String,
    home: Home,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self { terminals: HashMap::new(), page: String::new(), home: Home::new() }
    }

    /// Reads a page from top to bottom.
    pub(crate) fn read(mut self, page: &str) {
        page.clone_into(&mut self.page);
        let markdown = std::fs::read_to_string(places::repository().join(page)).unwrap();
        for block in page::blocks(&markdown) {
            self.follow(&block);
        }
    }

    fn follow(&mut self, block: &Block) {
        match (&block.title, block.language.as_str()) {
            (Some(Title::File(path, how)), _) => self.write(block, path, how),
            (Some(Title::Terminal(name)), "console") => self.play(block, name),
            (None, "console") => self.play(block, FIRST),
            (_, "") => {} // a picture
            (_, other) => panic!(
                "{}: nobody runs this block of '{other}': name its file in the line before it",
                self.place(block)
            ),
        }
    }

    fn write(&mut self, block: &Block, path: &str, how: &str) {
        let path = self.terminal(FIRST).folder().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let before = || std::fs::read_to_string(&path).unwrap();
        let text = match how {
            "" => block.text.clone(),
            "at the end" => format!("{}\n{}", before(), block.text),
            "at the top" => format!("{}{}", block.text, before()),
            other => panic!("{}: what is '{other}' to do to the file?", self.place(block)),
        };
        std::fs::write(&path, text).unwrap();
    }

    fn play(&mut self, block: &Block, terminal: &str) {
        let place = self.place(block);
        let terminal = self.terminal(terminal);
        let steps = transcript::steps(&block.text);
        for (at, step) in steps.iter().enumerate() {
            let next = steps.get(at + 1).map(|step| &step.typed);
            if let Err(what) = carry_out(terminal, step, next) {
                panic!("{place}: {:?}\n--- shown\n{}--- but\n{what}", step.typed, step.shown);
            }
        }
    }

    fn terminal(&mut self, name: &str) -> &mut Terminal {
        let home = &self.home;
        self.terminals.entry(name.to_owned()).or_insert_with(|| {
            let mut terminal = Terminal::open(home);
            terminal.watch("", |seen| matches!(seen, Seen::Prompt(..)));
            terminal
        })
    }

    fn place(&self, block: &Block) -> String {
        format!("{}:{}", self.page, block.line)
    }
}

/// Does one step; `next` is what is typed after it in the same block. The error is what happened
/// instead of what was shown.
fn carry_out(terminal: &mut Terminal, step: &Step, next: Option<&Typed>) -> Result<(), String> {
    let end = Instant::now() + LONG;
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
    let echo = match &step.typed {
        Typed::Nothing => String::new(),
        Typed::Command(line) => format!("{line}\n"),
        Typed::Answer { text, .. } => format!("{text}\n"),
        Typed::Key { key, .. } => format!("^{key}"),
    };
    match &step.typed {
        Typed::Nothing => {}
        Typed::Key { key, .. } => terminal.type_in(&char::from(*key as u8 & 0x1f).to_string()),
        Typed::Command(_) | Typed::Answer { .. } => terminal.type_in(&echo),
    }
    if let Some(prompt) = next.map(Typed::prompt).filter(|prompt| !prompt.is_empty()) {
        let seen = terminal.watch(&echo, |seen| seen.text().ends_with(prompt));
        let before = seen.text().strip_suffix(prompt);
        return compare(step, before.unwrap_or(seen.text()), before.is_some());
    }
    if step.typed.says("leave it running") {
        let seen = terminal
            .watch(&echo, |seen| step.shown.is_empty() || is_as_shown(&step.shown, seen.text()));
        return compare(step, seen.text(), matches!(seen, Seen::Running(_)));
    }
    let seen = terminal.watch(&echo, |seen| matches!(seen, Seen::Prompt(..)));
    match &seen {
        Seen::Running(text) => Err(format!("{text}… and it does not end")),
        Seen::Prompt(text, status) => {
            let is_silent_failure = *status != 0 && text.is_empty() && step.typed != Typed::Nothing;
            compare(step, text, !is_silent_failure)
        }
    }
}

fn compare(step: &Step, output: &str, is_ended_well: bool) -> Result<(), String> {
    let is_good = is_ended_well && is_as_shown(&step.shown, output);
    if is_good { Ok(()) } else { Err(output.to_owned()) }
}
