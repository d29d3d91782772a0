use mgrd_snapshots::assert_text;

use crate::builtin::module::COMMANDS;
use crate::builtin::tests::harness::Terminal;
use crate::module::tests::harness::Place;
use crate::module_limits::Limit;

#[test]
fn the_help_names_each_limit() {
    let limit = COMMANDS.iter().find(|command| command.cmd.starts_with("mgr module limit"));
    let names: Vec<_> = Limit::all().map(Limit::name).collect();
    assert!(limit.unwrap().help.ends_with(&names.join(", ")));
}

#[tokio::test]
async fn texts() {
    let place = Place::new();
    place.module("hello", "exec sleep 1000");
    let modules = place.start(&[]).await;
    let mut terminal = Terminal::new(&modules, COMMANDS);
    for command in [
        "mgr module limit hello memory=512M cpu=50% in_flight=4",
        "mgr module limit hello",
        "mgr module limit hello memory=default in_flight=default",
        "mgr module limit hello --reset",
        "mgr module limit hello -f json",
        "mgr module limit hello memory=512m store_bytes=1MiB -f json",
        "mgr module limit hello --reset -f json",
        "mgr module limit hello command_deadline=unlimited",
        "mgr module limit hello ping_restart=10",
        "mgr module limit hello memory=12q",
        "mgr module limit nope",
        "mgr module limit nope memory=1G",
        "mgr module limit hello memory=",
        "mgr module limit hello memory",
        "mgr module limit hello memory=0",
        "mgr module limit hello memory=-1",
        "mgr module limit hello memory=512",
        "mgr module limit hello memory=18446744073709551616",
        "mgr module limit hello memory=1e999",
        "mgr module limit hello memory=NaN",
        "mgr module limit hello memory=50%",
        "mgr module limit hello cpu=0%",
        "mgr module limit hello command_deadline=30x",
        "mgr module limit hello memory=1G memory=2G",
        "mgr module limit hello memori=1G",
        "mgr module limit hello in_flight=unlimited",
        "mgr module limit hello message_bytes=4M connections=4",
        "mgr module limit hello message_bytes=default connections=5000",
        "mgr module limit hello connections=default store_bytes=1G",
        "mgr module limit hello store_bytes=default",
        "mgr module limit hello message_bytes=73M",
        "mgr module limit hello connections=0",
        "mgr module limit hello memory=1G --reset",
    ] {
        terminal.types(command).await;
    }
    assert_text!("module_limit", terminal.screen());
    modules.shutdown(place.limits.life.shutdown_grace).await;
}

#[tokio::test]
async fn more_open_files_than_mgrd_may_have_are_not_said_to_hold() {
    let place = Place::new();
    place.module("hello", "exec sleep 1000");
    let modules = place.start(&[]).await;
    let mut terminal = Terminal::new(&modules, COMMANDS);
    terminal.types("mgr module limit hello open_files=1073741824").await;
    let most = crate::descriptors::limit();
    let shown = terminal.screen();
    let expected = format!("is 1073741824 only up to {most}, the hard limit of open files of mgrd");
    assert!(shown.contains(&expected), "{shown}");
    terminal.types("mgr module limit hello open_files=8").await;
    assert!(terminal.screen().contains("is 8 when it starts"), "{}", terminal.screen());
    modules.shutdown(place.limits.life.shutdown_grace).await;
}
