//! Tables for people.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text;

/// The width of the widest cell, in columns of the terminal. A wider cell is cut, because all rows
/// become as wide.
const MAX_WIDTH: usize = 256;

/// The largest number of bytes of a character.
const LONGEST_CHARACTER: usize = 4;

/// An aligned table: a header row, then the other rows, with two blanks between columns.
///
/// A cell can contain any text, such as a value from a client. Each row is still one line, and its
/// columns are aligned.
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

    /// Aligns these columns, counted from 0, to the right. Use it for numbers.
    #[must_use]
    pub fn right(mut self, columns: &[usize]) -> Self {
        self.right = columns.to_vec();
        self
    }

    /// Leaves out a column, counted from 0. Call it for a column that is right of all numbers.
    pub fn drop_column(&mut self, column: usize) {
        for row in &mut self.rows {
            row.remove(column);
        }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|text| cell(&text)).to_vec());
    }

    /// The table as text, one line for each row.
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
