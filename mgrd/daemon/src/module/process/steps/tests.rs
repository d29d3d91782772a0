use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::*;

#[test]
fn the_first_step_that_fails_is_the_last_one() {
    let taken = Arc::new(AtomicUsize::new(0));
    let step = |result: nix::Result<()>| {
        let taken = Arc::clone(&taken);
        let run = move || {
            taken.fetch_add(1, Relaxed);
            result
        };
        Step::new("it cannot be done".to_owned(), "do it by hand", run)
    };
    let mut steps = Steps::default();
    steps.add([step(Ok(())), step(Err(Errno::EPERM)), step(Ok(()))]);
    assert_eq!(steps.run(), Err((1, Errno::EPERM)));
    assert_eq!(taken.load(Relaxed), 2);
    let error = |step| steps.error(step, Errno::EPERM.into());
    assert!(error(3).is_none());
    mgrd_snapshots::assert_errors!(StepError of error(1));
}
