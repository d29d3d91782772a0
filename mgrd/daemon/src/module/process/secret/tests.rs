//! Which run a secret belongs to.

use super::*;
use crate::authority::Purpose;

#[test]
fn a_secret_is_good_for_its_own_run_until_that_ends() {
    let runs = LiveRuns::default();
    let me = std::process::id().cast_signed();
    let uid = getuid().as_raw();
    let run = |id| RunIdentity { module: "m".into(), purpose: Purpose::Run, id };
    let first = runs.admit(run(runs.next_id()), Some(me)).unwrap();
    let second = runs.admit(run(runs.next_id()), Some(me)).unwrap();
    assert_eq!(runs.authenticate(&second, Some(me), uid), Ok(run(2)));
    assert_eq!(runs.authenticate(&first, None, uid), Err(SecretError::WrongProcess { pid: 0 }));
    let other = SecretError::WrongUser { uid: uid + 1 };
    assert_eq!(runs.authenticate(&first, Some(me), uid + 1), Err(other));
    runs.end(1);
    assert_eq!(runs.authenticate(&first, Some(me), uid), Err(SecretError::Unknown));
}
