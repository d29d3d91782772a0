//! Completion of names: the module's Python knows them best, so it is asked.

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};

use super::console::Console;

/// Completes what is typed from the names in a console.
pub(super) struct Completion<'a>(pub(super) &'a Console<'a>);

impl Completer for Completion<'_> {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let name = name_before(line.get(..at).unwrap_or(line));
        if name.is_empty() {
            return Ok((at, Vec::new()));
        }
        let pair = |name: &str| Pair { display: name.to_owned(), replacement: name.to_owned() };
        Ok((at - name.len(), self.0.ask(&question(name)).lines().map(pair).collect()))
    }
}

/// The dotted name that the text ends with.
fn name_before(text: &str) -> &str {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    &text[text.trim_end_matches(part).len()..]
}

/// Source that prints how a name can continue, a line each.
fn question(name: &str) -> String {
    format!(
        "(lambda c: print(*filter(None, (c.complete('{name}', i) for i in range(200))), sep='\\n'))\
         (__import__('rlcompleter').Completer(globals()))"
    )
}

impl Hinter for Completion<'_> {
    type Hint = String;
}
impl Highlighter for Completion<'_> {}
impl Validator for Completion<'_> {}
impl Helper for Completion<'_> {}

#[cfg(test)]
mod tests;
