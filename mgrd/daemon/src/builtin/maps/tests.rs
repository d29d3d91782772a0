use mgrd_snapshots::assert_text;

use super::*;
use crate::builtin::tests::harness::{Terminal, empty, recorded};

#[tokio::test]
async fn texts() {
    let (state, feed) = recorded();
    let devices = json!({"devices": [
        {"devid": "SAMSUNG_MZ7LH960_S45NNA0M", "daemons": ["osd.0", "osd.1"], "wear_level": 0.07,
         "location": [{"host": "node1", "dev": "sda"}], "life_expectancy_max": "2027-03-01"},
        {"devid": "QEMU_HARDDISK_1", "daemons": [], "location": []}]});
    feed.put_document("devices", devices.to_string().into()).unwrap();
    let mut terminal = Terminal::new(&state, COMMANDS);
    for command in [
        "fsid",
        "mon stat",
        "fs ls",
        "mds stat",
        "device ls",
        "node ls",
        "node ls osd",
        "node ls rgw",
    ] {
        terminal.types(command).await;
    }
    assert_text!("maps", terminal.screen());
}

#[tokio::test]
async fn texts_without_a_feed() {
    let state = empty();
    let mut terminal = Terminal::new(&state, COMMANDS);
    for command in
        ["fsid", "mon stat", "mon dump", "fs ls", "fs dump", "mds stat", "service dump", "node ls"]
    {
        terminal.types(command).await;
    }
    assert_text!("maps_no_feed", terminal.screen());
}

#[tokio::test]
async fn texts_of_empty_maps() {
    let state = empty();
    let documents = [
        ("mon_map", json!({"epoch": 1, "mons": []})),
        ("fs_map", json!({"epoch": 1, "filesystems": [], "standbys": [{"name": "b"}]})),
        ("devices", json!({"devices": []})),
    ];
    for (name, document) in documents {
        state.cluster.documents.put(name, document.to_string().into());
    }
    let mut terminal = Terminal::new(&state, COMMANDS);
    for command in ["mon stat", "fs ls", "mds stat", "device ls"] {
        terminal.types(command).await;
    }
    assert_text!("maps_empty", terminal.screen());
}
