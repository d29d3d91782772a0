use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let long = || Duration::from_secs(93);
    let cause = || Cause::of(7, "", &mgrd_threads::Threads::default());
    assert_errors!(Complaint {
        Exceeds: Complaint::Exceeds(Exceeded::Memory { used: 300, limit: 256 });
        SessionEnded: Complaint::SessionEnded;
        Unanswered:
            Complaint::Unanswered { since: long(), cause: None },
            Complaint::Unanswered { since: long(), cause: Some(cause()) };
        Hung: Complaint::Hung { since: long(), cause: Some(cause()) };
        Overdue: Complaint::Overdue(Overdue::start(long()));
    });
}
