//! Tables for people.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text;

/// The widest cell, in columns of the terminal; a wider one is cut, as all rows are as wide as it.
const MAX_WIDTH: usize = 256;

/// How many bytes a character takes at most.
const LONGEST_CHARACTER: usize = 4;

/// An aligned table: a header row, then rows, two blanks between columns, nothing after the last.
///
/// Each row is one line, and every cell is as wide as it looks, whatever texts it is given: it may
/// hold a value that anybody set.
#[derive(Debug, Default)]
pub struct TextTable {
    rows: Vec<Vec<String>>,
    right: Vec<usize>,
}

impl TextTable {
    /// A table with these column titles.
    #[must_use]
    pub fn new<const N: usize>(titles: [&str; N]) -> Self {
        Self { rows: vec![titles.map(str::to_owned).to_vec()], right: Vec::new() }
    }

    /// The same with these columns, counted from 0, aligned to the right: those with numbers.
    #[must_use]
    pub fn right(mut self, columns: &[usize]) -> Self {
        self.right = columns.to_vec();
        self
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|text| cell(&text)).to_vec());
    }

    /// The text, one line a row, each ended by a newline.
    #[must_use]
    pub fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &Vec<String>| {
            let aligned = row.iter().zip(&widths).enumerate();
            let cells = aligned.map(|(column, (cell, width))| {
                let blanks = " ".repeat(width.saturating_sub(cell.width()));
                if self.right.contains(&column) { blanks + cell } else { cell.clone() + &blanks }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
        };
        self.rows.iter().map(line).collect()
    }
}

/// The text as a cell: one line that is not too wide.
fn cell(text: &str) -> String {
    let line = text::line(text, MAX_WIDTH * LONGEST_CHARACTER);
    let mut width = 0;
    let beyond = |&(_, c): &(usize, char)| {
        width += c.width().unwrap_or(0);
        width > MAX_WIDTH
    };
    match line.char_indices().find(beyond) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

#[cfg(test)]
mod tests;
