use mgrd_snapshots::assert_text;

use super::*;
use crate::builtin::tests::harness::{Terminal, empty, recorded};

#[tokio::test]
async fn texts() {
    let (state, _feed) = recorded();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("df").await;
    terminal.types("osd df").await;
    assert_text!("df", terminal.screen());
}

#[tokio::test]
async fn texts_of_a_cluster_that_fills_up() {
    let (state, feed) = recorded();
    let mut stats = state.cluster.value("osd_stats");
    let total = number(&stats["osd_stats"][1]["kb"]);
    stats["osd_stats"][1]["kb_used"] = (total / 100 * 97).into();
    stats["osd_stats"][1]["kb_avail"] = (total / 100 * 3).into();
    feed.put_document("osd_stats", stats.to_string().into()).unwrap();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("osd df").await;
    assert_text!("df_filling", terminal.screen());
}

#[tokio::test]
async fn texts_without_osds() {
    let state = empty();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("df").await;
    let df = json!({"stats": {}, "stats_by_class": {}, "pools": []});
    let documents = [
        ("df", df),
        ("osd_map_tree", json!({"nodes": [], "stray": []})),
        ("osd_stats", json!({"osd_stats": []})),
    ];
    for (name, document) in documents {
        state.cluster.documents.put(name, document.to_string().into());
    }
    terminal.types("df").await;
    terminal.types("osd df").await;
    assert_text!("df_none", terminal.screen());
}
