//! Which run a secret belongs to.

use super::*;
use crate::authority::Purpose;

#[test]
fn a_secret_is_good_for_its_own_run_until_that_ends() {
    let runs = LiveRuns::default();
    let me = std::process::id().cast_signed();
    let uid = getuid().as_raw();
    let ticket = |run| Ticket { module: "m".into(), purpose: Purpose::Run, run };
    let first = runs.admit(ticket(runs.next_id()), Some(me)).unwrap();
    let second = runs.admit(ticket(runs.next_id()), Some(me)).unwrap();
    assert_eq!(runs.authenticate(&second, Some(me), uid), Ok(ticket(2)));
    assert_eq!(runs.authenticate(&first, None, uid), Err(SecretError::WrongProcess { pid: 0 }));
    let other = SecretError::WrongUser { uid: uid + 1 };
    assert_eq!(runs.authenticate(&first, Some(me), uid + 1), Err(other));
    runs.end(1);
    assert_eq!(runs.authenticate(&first, Some(me), uid), Err(SecretError::Unknown));
}
