//! Decides whether typed Python source is complete, without a Python.

/// Whether `source` needs more lines: an open bracket or string, a backslash at the end, or a
/// block, which an empty line ends.
pub(super) fn needs_more(source: &str) -> bool {
    let mut scan = Scan::default();
    let code = scan.code(source);
    if scan.open() || code.ends_with('\\') {
        return true;
    }
    let mut lines = code.lines();
    let first = lines.next().unwrap_or("");
    let block = first.trim_end().ends_with(':') || first.starts_with('@') || lines.next().is_some();
    let ended = source.rsplit('\n').next().is_none_or(|line| line.trim().is_empty());
    block && !ended
}

#[derive(Default)]
struct Scan {
    depth: usize,
    /// The quotes that end the current string.
    string: Option<String>,
}

impl Scan {
    fn open(&self) -> bool {
        self.depth > 0 || self.string.is_some()
    }

    /// The source without comments, with empty strings, and without line breaks inside brackets and
    /// strings.
    fn code(&mut self, source: &str) -> String {
        let mut code = String::new();
        let mut rest = source;
        while let Some(c) = rest.chars().next() {
            if let Some(end) = self.string.clone() {
                rest = self.in_string(rest, c, &end);
                continue;
            }
            let mut width = c.len_utf8();
            match c {
                '#' => width = rest.find('\n').unwrap_or(rest.len()),
                '"' | '\'' => {
                    let triple = c.to_string().repeat(3);
                    let quotes = if rest.starts_with(&triple) { triple } else { c.to_string() };
                    width = quotes.len();
                    self.string = Some(quotes);
                    code.push('s');
                }
                '(' | '[' | '{' => self.depth += 1,
                ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                '\n' if self.depth > 0 => {}
                c => code.push(c),
            }
            rest = &rest[width..];
        }
        code
    }

    fn in_string<'a>(&mut self, rest: &'a str, c: char, end: &str) -> &'a str {
        if c == '\\' {
            let escaped = rest[1..].chars().next().map_or(0, char::len_utf8);
            return &rest[1 + escaped..];
        }
        // A simple string ends with its line, right or wrong: Python will tell.
        if rest.starts_with(end) || (c == '\n' && end.len() == 1) {
            self.string = None;
            return &rest[if c == '\n' { 0 } else { end.len() }..];
        }
        &rest[c.len_utf8()..]
    }
}

#[cfg(test)]
mod tests;
