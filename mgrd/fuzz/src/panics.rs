//! Panics that do not reach the target, because a task or a library caught them.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

thread_local! {
    static PANICS: Cell<u64> = const { Cell::new(0) };
}

/// How often this thread has panicked since the first call.
pub(super) fn of_this_thread() -> u64 {
    static COUNTS: Once = Once::new();
    COUNTS.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            // While the thread ends, there is no counter any more.
            let _ = PANICS.try_with(|count| count.set(count.get() + 1));
            before(panic);
        }));
    });
    PANICS.get()
}
