use mgrd_snapshots::assert_text;

use super::*;
use crate::builtin::tests::harness::{Terminal, empty, recorded};

#[tokio::test]
async fn texts() {
    let (state, _feed) = recorded();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("version").await;
    terminal.types("versions").await;
    assert_text!("version", terminal.screen());
    let state = empty();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("version").await;
    terminal.types("versions").await;
    assert_text!("version_no_feed", terminal.screen());
}
