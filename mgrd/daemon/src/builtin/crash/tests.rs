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

#[tokio::test]
async fn reports_of_crashes() {
    let crashes = crashes();
    let mut terminal = Terminal::new(&crashes, COMMANDS);
    terminal.types("crash ls").await;
    terminal.types("crash stat").await;
    for (day, entity) in [(9, "osd.1"), (18, "mds.a"), (21, "mgr.hello"), (22, "mgr.hello")] {
        let stamp = format!("2026-11-{day:02}T19:32:46.123456Z");
        let id = format!("{stamp}_0f3a");
        terminal.types_with_input("crash post -i FILE", report(&id, &stamp, entity)).await;
    }
    terminal.types("crash archive 2026-11-09T19:32:46.123456Z_0f3a").await;
    terminal.types("crash ls").await;
    terminal.types("crash ls-new").await;
    terminal.types("crash stat").await;
    terminal.types("crash stat -f json-pretty").await;
    terminal.types("crash info 2026-11-22T19:32:46.123456Z_0f3a").await;
    terminal.types("crash rm 2026-11-22T19:32:46.123456Z_0f3a").await;
    terminal.types("crash ls-new -f json-pretty").await;
    terminal.types("crash archive-all").await;
    terminal.types("crash ls-new").await;
    terminal.types("crash prune 7").await;
    terminal.types("crash prune -1").await;
    for wrong in ["info", "archive", "rm"] {
        terminal.types(&format!("crash {wrong} nonsense")).await;
    }
    terminal.types_with_input("crash post -i FILE", "nonsense").await;
    assert_text!("crash", terminal.screen());
}
