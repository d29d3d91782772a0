//! The blocks of a Markdown page that a reader follows.

/// A fenced block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The number of the line with the fence.
    pub(crate) line: usize,
    /// The line before it, if that line begins in bold.
    pub(crate) title: Option<Title>,
    /// The language of the fence: `console`, `python`, …
    pub(crate) language: String,
    /// The text in it.
    pub(crate) text: String,
}

/// The bold text before a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Title {
    /// ``**`path`** …``: the file of the block, and the text after its name.
    File(String, String),
    /// `**words**`: the terminal of the block.
    Terminal(String),
}

/// The blocks of a page, in order.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut before = "";
    let mut lines = markdown.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let inside = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            let text = inside.flat_map(|line| [line, "\n"]).collect();
            let language = language.trim().to_owned();
            blocks.push(Block { line: number + 1, title: title(before), language, text });
            before = "";
        } else if !line.trim().is_empty() {
            assert!(
                !line.trim().starts_with("```"),
                "line {}: this block is indented; put its fence at the start of the line",
                number + 1
            );
            before = line;
        }
    }
    blocks
}

fn title(line: &str) -> Option<Title> {
    let (bold, rest) = line.strip_prefix("**")?.split_once("**")?;
    let rest = rest.trim_matches([':', ',', ' ']).to_owned();
    match bold.strip_prefix('`').and_then(|path| path.strip_suffix('`')) {
        Some(path) => Some(Title::File(path.to_owned(), rest)),
        None => Some(Title::Terminal(bold.trim_end_matches(':').to_owned())),
    }
}

#[test]
fn a_page_is_a_list_of_blocks_with_titles() {
    let page = "# A page\n\n**`a/b.py`**, at the end:\n\n```python\nx = 1\n\ny = 2\n```\nText.\n\
                ```console\n$ ls\n```\n**In a second terminal:**\n```console\n$ pwd\n```\n";
    let file = Title::File("a/b.py".to_owned(), "at the end".to_owned());
    let second = Title::Terminal("In a second terminal".to_owned());
    let block = |line, title, language: &str, text: &str| Block {
        line,
        title,
        language: language.to_owned(),
        text: text.to_owned(),
    };
    let expected = [
        block(5, Some(file), "python", "x = 1\n\ny = 2\n"),
        block(11, None, "console", "$ ls\n"),
        block(15, Some(second), "console", "$ pwd\n"),
    ];
    assert_eq!(blocks(page), expected);
}
