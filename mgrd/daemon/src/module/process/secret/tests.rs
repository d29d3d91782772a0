//! Which start a secret belongs to.

use super::*;

#[test]
fn a_secret_is_good_for_its_own_start_until_that_ends() {
    let starts = Starts::default();
    let me = std::process::id().cast_signed();
    let uid = getuid().as_raw();
    let ticket = |start| Ticket { module: "m".into(), purpose: Purpose::Run, start };
    let first = starts.admit(ticket(starts.next()), Some(me)).unwrap();
    let second = starts.admit(ticket(starts.next()), Some(me)).unwrap();
    assert_eq!(starts.authenticate(&second, Some(me), uid), Ok(ticket(2)));
    assert_eq!(starts.authenticate(&first, None, uid), Err(AttachError::WrongProcess { pid: 0 }));
    let other = AttachError::WrongUser { uid: uid + 1 };
    assert_eq!(starts.authenticate(&first, Some(me), uid + 1), Err(other));
    starts.end(1);
    assert_eq!(starts.authenticate(&first, Some(me), uid), Err(AttachError::BadSecret));
}
