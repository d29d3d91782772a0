use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let json = serde_json::from_str::<u64>("x").unwrap_err();
    assert_errors!(HostError of [
        HostError::from(Status::not_found("module 'x' has no option 'y'")),
        HostError::shape("document 'osd_map'", &json),
    ]);
}
