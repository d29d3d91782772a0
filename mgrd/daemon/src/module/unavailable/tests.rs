use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let module = || "hello".to_owned();
    let down = |next_try| Unavailable::Down {
        module: module(),
        reason: Arc::new(Reason::NoFolder),
        next_try,
    };
    assert_errors!(Unavailable {
        NoSuchModule: Unavailable::NoSuchModule;
        Disabled: Unavailable::Disabled { module: module() };
        Starting: Unavailable::Starting;
        NotReady: Unavailable::NotReady { module: module() };
        NotAttached: Unavailable::NotAttached { module: module() };
        Down: down(None), down(Some(Duration::from_secs(8)));
        SessionEnded: Unavailable::SessionEnded(SessionEnd::Closed);
    });
}
