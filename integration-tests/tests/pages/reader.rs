//! A reader who follows a page.

use std::collections::HashMap;

use integration_tests::places;

use crate::exchange;
use crate::home::Home;
use crate::keyboard::carry_out;
use crate::page::{self, Block, Title};
use crate::program::Program;
use crate::terminal::{Seen, Terminal};
use crate::transcript;

/// The terminal of blocks that do not name one.
const FIRST: &str = "the first terminal";

/// Follows a page, and panics if something else happens than the page shows.
pub(crate) struct Reader {
    terminals: HashMap<String, Terminal>,
    program: Option<Program>,
    page: String,
    home: Home,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self { terminals: HashMap::new(), program: None, page: String::new(), home: Home::new() }
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
            (None, "grpc") => self.exchange(block),
            (_, "") => {} // a picture
            (_, other) => panic!(
                "{}: nothing runs this block of '{other}'; name its file in the line before it",
                self.position(block)
            ),
        }
    }

    fn write(&mut self, block: &Block, path: &str, how: &str) {
        let folder = self.terminal(FIRST).folder();
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        if block.text == "…\n" {
            self.program = Some(Program::install(&path, &folder));
            return;
        }
        let before = || std::fs::read_to_string(&path).unwrap();
        let text = match how {
            "" => block.text.clone(),
            "at the end" => format!("{}\n{}", before(), block.text),
            "at the top" => format!("{}{}", block.text, before()),
            other => panic!(
                "{}: '{other}' is not known; use 'at the end' or 'at the top'",
                self.position(block)
            ),
        };
        std::fs::write(&path, text).unwrap();
    }

    fn play(&mut self, block: &Block, terminal: &str) {
        let position = self.position(block);
        let terminal = self.terminal(terminal);
        let steps = transcript::steps(&block.text);
        for (at, step) in steps.iter().enumerate() {
            let next = steps.get(at + 1).map(|step| &step.typed);
            if let Err(error) = carry_out(terminal, step, next) {
                panic!("{position}: {:?}\n--- shown\n{}--- but\n{error}", step.typed, step.shown);
            }
        }
    }

    fn exchange(&mut self, block: &Block) {
        let position = self.position(block);
        let program = self.program.as_mut();
        let program = program
            .unwrap_or_else(|| panic!("{position}: no block before this one names a program"));
        let messages = exchange::messages(&block.text);
        for message in messages.unwrap_or_else(|error| panic!("{position}: {error}")) {
            if let Err(error) = program.pass(&message) {
                panic!("{position}: {message:?}\n--- but\n{error}");
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

    fn position(&self, block: &Block) -> String {
        format!("{}:{}", self.page, block.line)
    }
}
