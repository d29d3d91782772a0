//! Texts that come from outside, kept to a length.

/// Cuts `text` to at most `limit` bytes, at a character, and marks the cut with `…`.
pub(crate) fn cut(text: &mut String, limit: usize) {
    if text.len() > limit {
        text.truncate(text.floor_char_boundary(limit));
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_too_long_is_cut_at_a_character_and_marked() {
        for (text, expected) in
            [("abc", "abc"), ("abcd", "abcd"), ("abcdé", "abcd…"), ("abcé", "abc…")]
        {
            let mut cut = text.to_owned();
            super::cut(&mut cut, 4);
            assert_eq!(cut, expected);
        }
    }
}
