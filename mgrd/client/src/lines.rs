//! Lines from a terminal, with editing and history, or from a pipe.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{CompletionType, Config, Editor, Helper};

use super::error::CtlError;

/// A source of lines.
pub(super) enum Lines<H: Helper> {
    Terminal { editor: Box<Editor<H, DefaultHistory>>, history: Option<PathBuf> },
    Pipe,
}

/// The result of a read.
pub(super) enum Line {
    Text(String),
    /// Ctrl-C: the typed text is dropped.
    Dropped,
    End,
}

impl<H: Helper> Lines<H> {
    /// Lines of the standard input; each `name` has its own history.
    pub(super) fn open(name: &str, helper: H) -> Result<Self, CtlError> {
        if !std::io::stdin().is_terminal() {
            return Ok(Self::Pipe);
        }
        // As shells do: what all candidates have in common, then a list of them.
        let config = Config::builder().auto_add_history(true);
        let config = config.completion_type(CompletionType::List).build();
        let mut editor = Editor::with_config(config).map_err(CtlError::Terminal)?;
        editor.set_helper(Some(helper));
        let history = history_file(name);
        if let Some(path) = &history {
            // A first session has none.
            let _ = editor.load_history(path);
        }
        Ok(Self::Terminal { editor: Box::new(editor), history })
    }

    /// The editor on a terminal.
    pub(super) fn helper(&mut self) -> Option<&mut H> {
        match self {
            Self::Terminal { editor, .. } => editor.helper_mut(),
            Self::Pipe => None,
        }
    }

    /// Waits for the next line.
    pub(super) fn next(&mut self, prompt: &str) -> Result<Line, CtlError> {
        match self {
            Self::Terminal { editor, history } => match editor.readline(prompt) {
                Ok(text) => {
                    history.iter().for_each(|path| keep(editor, path));
                    Ok(Line::Text(text))
                }
                Err(ReadlineError::Interrupted) => Ok(Line::Dropped),
                Err(ReadlineError::Eof) => Ok(Line::End),
                Err(error) => Err(CtlError::Terminal(error)),
            },
            Self::Pipe => {
                let mut text = String::new();
                let read = std::io::stdin().lock().read_line(&mut text);
                match read.map_err(CtlError::io("read the standard input"))? {
                    0 => Ok(Line::End),
                    _ => Ok(Line::Text(text.trim_end_matches(['\r', '\n']).to_owned())),
                }
            }
        }
    }
}

/// Saves a new line at once, because the terminal may be closed at any time, and other sessions add
/// their lines.
fn keep<H: Helper>(editor: &mut Editor<H, DefaultHistory>, path: &Path) {
    // If the history cannot be saved, the terminal still works.
    let _ = path.parent().map(std::fs::create_dir_all);
    let _ = editor.append_history(path);
}

fn history_file(name: &str) -> Option<PathBuf> {
    let dir = |variable| std::env::var_os(variable).filter(|v| !v.is_empty()).map(PathBuf::from);
    let state = dir("XDG_STATE_HOME").or_else(|| Some(dir("HOME")?.join(".local/state")))?;
    Some(state.join("mgrctl").join(name))
}
