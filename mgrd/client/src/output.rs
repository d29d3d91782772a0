//! The destinations of output.

use std::fs::File;
use std::io::{IsTerminal, Write};

use mgrd_command::visible;

use super::args::Options;
use super::error::CtlError;
use crate::colour;
use crate::visible::Visible;

/// The action in the text of an error.
pub(super) const WRITING: &str = "write the output";

/// Shows text of the client's own on the standard output.
pub(super) fn show(text: &str) -> Result<(), CtlError> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(CtlError::io(WRITING))
}

/// A destination of output.
pub(super) trait Output {
    /// Adds a part, which may be empty.
    fn write(&mut self, part: &[u8]) -> std::io::Result<()>;
    /// Ends the output after the last part. With `lines`, further output begins on a new line.
    fn end(&mut self, lines: bool) -> std::io::Result<()>;
}

/// The output that the options name.
pub(super) fn open(options: &Options) -> Result<Box<dyn Output>, CtlError> {
    match &options.output {
        Some(path) if path.as_os_str() != "-" => {
            let file = File::options().write(true).create(true).truncate(false).open(path);
            let what = format!("open output file {}", path.display());
            Ok(Box::new(NamedFile { file: file.map_err(CtlError::io(what))?, begun: false }))
        }
        _ => Ok(Box::new(Stdout::new(&options.format))),
    }
}

/// Prints a message on the standard error output. If that is closed, the message is dropped. A terminal
/// shows no control characters of it.
pub(super) fn say(text: impl std::fmt::Display) {
    say_error("", &text.to_string());
}

/// The same for an error that begins with `name`, which may have colours.
pub(super) fn say_error(name: &str, text: &str) {
    let mut stderr = std::io::stderr();
    let text = if stderr.is_terminal() { visible(text) } else { text.to_owned() };
    let _ = writeln!(stderr, "{name}{text}");
}

/// The standard output.
pub(super) struct Stdout {
    /// A terminal shows no control characters of the text; another program gets it byte for byte.
    for_people: Option<Visible>,
    coloured: bool,
    last: Option<u8>,
}

impl Stdout {
    pub(super) fn new(format: &str) -> Self {
        let for_people = std::io::stdout().is_terminal().then(Visible::default);
        let coloured = colour::wanted(&std::io::stdout()) && matches!(format, "" | "plain");
        Self { for_people, coloured, last: None }
    }
}

impl Output for Stdout {
    fn write(&mut self, part: &[u8]) -> std::io::Result<()> {
        let Some(last) = part.last() else { return Ok(()) };
        self.last = Some(*last);
        let mut stdout = std::io::stdout().lock();
        match self.for_people.as_mut().map(|visible| visible.next(part)) {
            Some(text) if self.coloured => stdout.write_all(colour::health(&text).as_bytes())?,
            Some(text) => stdout.write_all(text.as_bytes())?,
            None => stdout.write_all(part)?,
        }
        stdout.flush()
    }

    fn end(&mut self, lines: bool) -> std::io::Result<()> {
        if let Some(visible) = &mut self.for_people {
            std::io::stdout().write_all(visible.end().as_bytes())?;
        }
        if (self.for_people.is_some() || lines) && self.last.is_some_and(|last| last != b'\n') {
            std::io::stdout().write_all(b"\n")?;
        }
        Ok(())
    }
}

/// A file that keeps its old content until there is new output.
struct NamedFile {
    file: File,
    begun: bool,
}

impl Output for NamedFile {
    fn write(&mut self, part: &[u8]) -> std::io::Result<()> {
        if !self.begun && self.file.metadata()?.is_file() {
            self.file.set_len(0)?;
        }
        self.begun = true;
        self.file.write_all(part)
    }

    fn end(&mut self, _lines: bool) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Output that the client itself reads.
#[derive(Default)]
pub(super) struct Kept(pub(super) Vec<u8>);

impl Output for Kept {
    fn write(&mut self, part: &[u8]) -> std::io::Result<()> {
        self.0.extend_from_slice(part);
        Ok(())
    }

    fn end(&mut self, _lines: bool) -> std::io::Result<()> {
        Ok(())
    }
}

/// The columns and rows of the terminal; 80 by 24 if there is none.
pub(super) fn terminal_size() -> (u16, u16) {
    terminal_size::terminal_size().map_or((80, 24), |(width, height)| (width.0, height.0))
}
