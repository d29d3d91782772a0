//! Text from the manager as a terminal may show it.

use mgrd_command::visible;

/// Makes characters that control a terminal or cannot be seen visible, such as `\u{1b}`. Line breaks
/// and tabs stay. It takes a text in parts, which may end inside of a character.
#[derive(Default)]
pub(super) struct Visible {
    /// The start of a character whose rest has not come.
    begun: Vec<u8>,
}

impl Visible {
    /// The next part.
    pub(super) fn next(&mut self, part: &[u8]) -> String {
        let mut bytes = std::mem::take(&mut self.begun);
        bytes.extend_from_slice(part);
        let whole = whole(&bytes);
        self.begun = bytes.split_off(whole);
        visible(&String::from_utf8_lossy(&bytes))
    }

    /// What is left after the last part.
    pub(super) fn end(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.begun)).into_owned()
    }
}

/// The number of bytes before a character at the end that is not complete.
fn whole(bytes: &[u8]) -> usize {
    let last = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    match std::str::from_utf8(last) {
        Err(error) if error.error_len().is_none() => bytes.len() - last.len(),
        _ => bytes.len(),
    }
}

#[cfg(test)]
mod tests;
