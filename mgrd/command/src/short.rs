//! Cuts texts of modules that messages quote.

/// How much of a descriptor or signature a message quotes, in bytes.
pub(super) const QUOTED_BYTES: usize = 400;

/// The start of a text, at most `limit` bytes. `…` marks the end of a text that is cut.
pub(super) fn short(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let fits = (0..=limit).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
    format!("{}…", &text[..fits])
}

#[cfg(test)]
mod tests;
