use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let long = || Duration::from_secs(93);
    assert_errors!(Complaint {
        Exceeds: Complaint::Exceeds(Exceeded::Memory { used: 300, limit: 256 });
        SessionEnded: Complaint::SessionEnded;
        Unanswered: Complaint::Unanswered(long());
        Hung: Complaint::Hung(long());
        Busy: Complaint::Busy { handler: "serving 'rebalance plan'".into(), since: long() };
    });
}
