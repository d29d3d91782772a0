//! The steps of a `console` block: what is typed, and the output.

/// One input, with the output shown after it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) typed: Typed,
    /// The lines of the output.
    pub(crate) shown: String,
}

/// The input of a step.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Nothing: the output of the command left running continues.
    Nothing,
    /// A line at the prompt of the shell.
    Command(String),
    /// A line at the prompt of a program.
    Answer { prompt: String, text: String },
    /// A control key, such as `^C`.
    Key { prompt: String, key: char },
}

impl Typed {
    fn of(line: &str, before: Option<&Step>) -> Option<Self> {
        if let Some(command) = line.strip_prefix("$ ") {
            return Some(Self::Command(command.to_owned()));
        }
        // The output of a program may also begin with dots.
        let goes_on = before.is_some_and(|before| matches!(before.typed, Self::Answer { .. }));
        let prompts = ["(Pdb) ", ">>> ", "... "].into_iter().take(if goes_on { 3 } else { 2 });
        let end = prompts.into_iter().find_map(|prompt| {
            let at = line.find(prompt).filter(|&at| at == 0 || line.starts_with('['));
            at.map(|at| at + prompt.len())
        });
        let (prompt, text) = line.split_at(end.unwrap_or(0));
        let prompt = prompt.to_owned();
        match *text.as_bytes() {
            [b'^', key @ b'A'..=b'Z'] => Some(Self::Key { prompt, key: key.into() }),
            _ => end.is_some().then(|| Self::Answer { prompt, text: text.to_owned() }),
        }
    }

    /// The prompt of the program that waits for this; empty for the shell or for nothing.
    pub(crate) fn prompt(&self) -> &str {
        match self {
            Self::Answer { prompt, .. } | Self::Key { prompt, .. } => prompt,
            Self::Nothing | Self::Command(_) => "",
        }
    }

    /// Whether the command ends with this comment.
    pub(crate) fn says(&self, remark: &str) -> bool {
        matches!(self, Self::Command(line) if line.contains(&format!("# {remark}")))
    }
}

/// The steps of a block.
pub(crate) fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in text.lines() {
        if let Some(Step { typed: Typed::Command(command), shown }) = steps.last_mut()
            && command.ends_with('\\')
            && shown.is_empty()
        {
            *command = format!("{command}\n{line}");
        } else if let Some(typed) = Typed::of(line, steps.last()) {
            steps.push(Step { typed, shown: String::new() });
        } else {
            if steps.is_empty() {
                steps.push(Step { typed: Typed::Nothing, shown: String::new() });
            }
            if let Some(step) = steps.last_mut() {
                step.shown.push_str(line);
                step.shown.push('\n');
            }
        }
    }
    steps
}

/// Whether the output is what the page shows. `…` in a line stands for any text, and a line that is
/// only `…` stands for any number of lines. The number of spaces between two words and empty lines at
/// the end do not matter.
pub(crate) fn is_as_shown(shown: &str, output: &str) -> bool {
    let lines = |text: &str| text.trim_end().lines().map(single_spaced).collect::<Vec<_>>();
    lines_match(&lines(shown), &lines(output))
}

fn single_spaced(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines_match(shown: &[String], output: &[String]) -> bool {
    match shown.split_first() {
        None => output.is_empty(),
        Some((first, rest)) if first == "…" => {
            (0..=output.len()).any(|skipped| lines_match(rest, &output[skipped..]))
        }
        Some((first, rest)) => output
            .split_first()
            .is_some_and(|(line, others)| line_matches(first, line) && lines_match(rest, others)),
    }
}

/// Whether a line is as shown, with any text for each `…`.
pub(crate) fn line_matches(shown: &str, line: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut left) = line.strip_prefix(parts.next().unwrap_or("")) else { return false };
    let Some(last) = parts.next_back() else { return left.is_empty() };
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

#[test]
fn a_block_is_a_list_of_inputs_with_their_outputs() {
    let step = |typed, shown: &str| Step { typed, shown: shown.to_owned() };
    let command = |line: &str| Typed::Command(line.to_owned());
    let answer = |prompt: &str, text: &str| Typed::Answer {
        prompt: prompt.to_owned(),
        text: text.to_owned(),
    };
    let key = |prompt: &str, key| Typed::Key { prompt: prompt.to_owned(), key };
    let text =
        "rest\n... x\n$ a \\\n    b\nout\n\n$ c\n-> x\n(Pdb) p who\n'Ada'\n[m] >>> 1\n>>> ^D\n^C\n";
    let expected = [
        step(Typed::Nothing, "rest\n... x\n"),
        step(command("a \\\n    b"), "out\n\n"),
        step(command("c"), "-> x\n"),
        step(answer("(Pdb) ", "p who"), "'Ada'\n"),
        step(answer("[m] >>> ", "1"), ""),
        step(key(">>> ", 'D'), ""),
        step(key("", 'C'), ""),
    ];
    assert_eq!(steps(text), expected);
    assert!(command("mgrd # leave it running").says("leave it running"));
}

#[test]
fn output_is_compared_except_for_what_the_page_leaves_open() {
    for (shown, output) in [
        ("", ""),
        ("a\nb\n", "a\nb\n"),
        ("a …\n", "a 7 8\n"),
        ("a … c\n", "a    b   c\n"),
        ("…\n", ""),
        ("…\nz\n", "x\ny\nz\n"),
        ("a\n…\nz\n", "a\nz\n"),
        ("pid …, … s\n", "pid 12, 0.5 s\n"),
    ] {
        assert!(is_as_shown(shown, output), "{shown:?} is {output:?}");
    }
    for (shown, output) in [
        ("", "a\n"),
        ("a\n", ""),
        ("a\n", "a\nb\n"),
        ("a\n", "ab\n"),
        ("a …\n", "b 7\n"),
        ("…\nz\n", "x\nz\ny\n"),
        ("a … c\n", "a b cd\n"),
    ] {
        assert!(!is_as_shown(shown, output), "{shown:?} is not {output:?}");
    }
}
