//! Texts that come from outside, kept to a length.

/// Cuts `text` to at most `limit` bytes, at a character, and marks the cut with `…`.
pub(crate) fn cut(text: &mut String, limit: usize) {
    if text.len() > limit {
        let end = (0..=limit).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
        text.truncate(end);
        text.push('…');
    }
}

/// `text` for a place that has one line: its line breaks, which could pass for other entries, are
/// spaces.
pub(crate) fn one_line(text: &str) -> String {
    join_lines(text, " ")
}

/// The lines of `text` that are not empty, with `joint` between them.
pub(crate) fn join_lines(text: &str, joint: &str) -> String {
    let lines = text.split(['\n', '\r']).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(joint)
}

#[cfg(test)]
mod tests {
    #[test]
    fn line_breaks_become_spaces() {
        for (text, expected) in [("a", "a"), ("a\nb\r\nc\n", "a b c"), ("", "")] {
            assert_eq!(super::one_line(text), expected);
        }
    }

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
