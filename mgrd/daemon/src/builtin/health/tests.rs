use mgrd_snapshots::assert_text;
use serde_json::{Value, json};

use super::*;
use crate::builtin::Format;
use crate::builtin::tests::answers::{json_of, plain, run};
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

#[tokio::test]
async fn checks_are_muted_by_command() {
    let (state, _feed) = recorded();
    let code = "AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED";
    let bad = json!({"code": code, "ttl": "5x"});
    let refused = run(&state, "health mute", bad, Format::Plain).await;
    assert!(refused.retval == -22 && refused.stderr.starts_with("invalid duration: 5x ("));
    let unknown = run(&state, "health mute", json!({"code": "X"}), Format::Plain).await;
    assert!(unknown.retval == -2 && unknown.stderr.starts_with("health alert X is not currently"));
    run(&state, "health mute", json!({"code": code, "ttl": "1w", "sticky": true}), Format::Plain)
        .await;
    let health = json_of(&state, "health", Value::Null).await;
    assert_eq!(
        (&health["status"], &health["mutes"][0]["sticky"]),
        (&json!("HEALTH_OK"), &json!(true))
    );
    assert!(health["checks"][code].get("detail").is_none());
    let detail = json_of(&state, "health", json!({"detail": "detail"})).await;
    assert!(detail["checks"][code]["detail"][0]["message"].is_string());
    run(&state, "health unmute", json!({"code": code}), Format::Plain).await;
    assert_eq!(
        plain(&state, "health").await,
        "HEALTH_WARN mon is allowing insecure global_id reclaim\n"
    );
}
