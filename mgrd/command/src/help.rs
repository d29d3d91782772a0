//! Help texts: signatures on the left, descriptions on the right.

use super::table::CommandTable;

impl CommandTable {
    /// The help for the commands that begin with `words`, in two columns, sorted; empty if there
    /// are none. `width` is that of the terminal, in columns.
    #[must_use]
    pub fn help(&self, words: &[String], width: usize) -> String {
        let start = words.join(" ");
        let listed = self.iter().filter(|spec| spec.is_listed());
        let mut rows: Vec<(String, &str)> =
            listed.map(|spec| (spec.usage(), spec.help.as_str())).collect();
        rows.retain(|(usage, _)| usage.starts_with(&start));
        rows.sort_unstable();
        rows.iter().map(|(usage, help)| two_columns(usage, help, width)).collect()
    }
}

/// The title of a part of the help: an empty line, the title, a rule.
#[must_use]
pub fn section(title: &str) -> String {
    format!("\n {title}:\n {}\n", "=".repeat(title.chars().count() + 1))
}

/// One entry in two columns, each half of `width`. Text that is too long continues in the next
/// line, indented by one.
#[must_use]
pub fn two_columns(left: &str, right: &str, width: usize) -> String {
    let width = width.max(20) - 1;
    let (left_width, right_width) = (width / 2, width - width / 2);
    let (left, right) = (wrap(left, left_width), wrap(right, right_width));
    let mut text = String::new();
    for i in 0..left.len().max(right.len()) {
        let cell = |lines: &[String]| lines.get(i).cloned().unwrap_or_default();
        let line = format!("{:left_width$} {}", cell(&left), cell(&right));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Breaks text at spaces, or within a word that is longer than a line.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let continued = lines.len() > 1;
            let Some(line) = lines.last_mut() else { break };
            let used = line.chars().count();
            let empty = used == usize::from(continued && used > 0);
            let blank = usize::from(!empty);
            if used + blank + word.len() <= width {
                line.extend(std::iter::repeat_n(' ', blank).chain(word));
                break;
            }
            if empty {
                let rest = word.split_off(width - used);
                line.extend(word);
                word = rest;
            }
            lines.push(" ".to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests;
