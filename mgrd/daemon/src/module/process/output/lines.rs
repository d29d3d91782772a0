//! Bytes become lines of a bounded length.

/// Cuts bytes into lines of a bounded length.
#[derive(Debug)]
pub(super) struct Lines {
    /// The line that has not ended yet.
    line: Vec<u8>,
    max: usize,
    cut: bool,
}

impl Lines {
    pub(super) fn new(max: usize) -> Self {
        Self { line: Vec::new(), max, cut: false }
    }

    /// Takes the next line from the front of `bytes`. If it does not end there, takes what is there
    /// of it and returns nothing.
    pub(super) fn next(&mut self, bytes: &mut &[u8]) -> Option<String> {
        let end = bytes.iter().position(|&byte| byte == b'\n');
        let (text, rest) = match end {
            Some(end) => (&bytes[..end], &bytes[end + 1..]),
            None => (*bytes, &[][..]),
        };
        *bytes = rest;
        let fits = text.len().min(self.max - self.line.len());
        self.line.extend_from_slice(&text[..fits]);
        self.cut |= fits < text.len();
        end.map(|_| self.end_line())
    }

    /// Drops whole lines from the front of `bytes`, so that at most `keep` are left; returns how
    /// many. They are counted, not built.
    pub(super) fn skip(&mut self, bytes: &mut &[u8], keep: usize) -> u64 {
        let from_behind = bytes.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
        let Some((end, _)) = from_behind.into_iter().nth(keep) else { return 0 };
        let (dropped, rest) = bytes.split_at(end + 1);
        *bytes = rest;
        self.line.clear();
        self.cut = false;
        dropped.iter().filter(|&&byte| byte == b'\n').count() as u64
    }

    /// What has no newline at the end.
    pub(super) fn finish(&mut self) -> Option<String> {
        (!self.line.is_empty()).then(|| self.end_line())
    }

    fn end_line(&mut self) -> String {
        let mut line = String::from_utf8_lossy(&self.line).trim_end_matches('\r').to_owned();
        if std::mem::take(&mut self.cut) {
            line.push_str(" … [cut]");
        }
        self.line.clear();
        line
    }
}
