use mgrd_snapshots::assert_text;

use super::*;
use crate::builtin::tests::harness::{Terminal, recorded};

#[tokio::test]
async fn texts() {
    let (state, _feed) = recorded();
    let mut terminal = Terminal::new(&state, COMMANDS);
    for command in [
        "health",
        "health detail",
        "health mute OSD_FULL",
        "health mute OSD_FULL 5x",
        "health mute OSD_FULL --sticky",
        "health mute AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED",
        "health",
        "health detail",
        "health unmute OSD_FULL",
        "health unmute",
        "health",
        "health details",
    ] {
        terminal.types(command).await;
    }
    assert_text!("health", terminal.screen());
}
