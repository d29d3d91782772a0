use std::sync::Arc;

use mgrd_snapshots::assert_text;
use mgrd_storage::embedded::EmbeddedStorage;

use super::*;
use crate::builtin::tests::harness::Terminal;
use crate::cluster::Cluster;
use crate::crash::{Facts, Limits};
use crate::health::Health;
use crate::options::{self, Options};

fn crashes() -> Crashes {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let options = Options::new(storage.clone(), "x", options::Limits::default());
    let health = Health::new(Cluster::default());
    Crashes::new(storage, options, health, Facts::default(), Limits::default())
}

fn report(id: &str, stamp: &str, entity: &str) -> String {
    format!(
        "{{\"timestamp\": \"{stamp}\", \"crash_id\": \"{id}\", \"entity_name\": \"{entity}\", \
         \"backtrace\": [\"(main()+0x1)\"]}}"
    )
}

/// What a terminal shows of all commands that begin with these words.
async fn screen(words: &str) -> String {
    let crashes = crashes();
    let mut terminal = Terminal::new(&crashes, commands());
    terminal.types(&format!("{words} ls")).await;
    terminal.types(&format!("{words} stat")).await;
    for (day, entity) in [(9, "osd.1"), (18, "mds.a"), (21, "mgr.hello"), (22, "mgr.hello")] {
        let stamp = format!("2026-11-{day:02}T19:32:46.123456Z");
        let id = format!("{stamp}_0f3a");
        let post = format!("{words} post -i FILE");
        terminal.types_with_input(&post, report(&id, &stamp, entity)).await;
    }
    terminal.types(&format!("{words} archive 2026-11-09T19:32:46.123456Z_0f3a")).await;
    terminal.types(&format!("{words} ls")).await;
    terminal.types(&format!("{words} ls-new")).await;
    terminal.types(&format!("{words} stat")).await;
    terminal.types(&format!("{words} stat -f json-pretty")).await;
    terminal.types(&format!("{words} info 2026-11-22T19:32:46.123456Z_0f3a")).await;
    terminal.types(&format!("{words} rm 2026-11-22T19:32:46.123456Z_0f3a")).await;
    terminal.types(&format!("{words} ls-new -f json-pretty")).await;
    terminal.types(&format!("{words} archive-all")).await;
    terminal.types(&format!("{words} ls-new")).await;
    terminal.types(&format!("{words} prune 7")).await;
    terminal.types(&format!("{words} prune -1")).await;
    for wrong in ["info", "archive", "rm"] {
        terminal.types(&format!("{words} {wrong} nonsense")).await;
    }
    terminal.types_with_input(&format!("{words} post -i FILE"), "nonsense").await;
    terminal.screen().to_owned()
}

#[tokio::test]
async fn reports_of_crashes() {
    let screen = screen("crash").await;
    assert_text!("crash", screen);
}

#[tokio::test]
async fn the_same_commands_beside_a_module_crash() {
    let screen = screen("mgr crash").await;
    assert_text!("mgr_crash", screen);
}
