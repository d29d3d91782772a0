//! What is found after an end or a crash.

use std::sync::Arc;

use super::{Active, Place, Verdict, cases, ensure, put, text};
use crate::transaction::Transaction;

cases! {
    the_next_leader_finds_everything,
    after_a_crash_all_acknowledged_writes_are_there,
    after_a_crash_revision_and_epoch_go_on,
}

async fn the_next_leader_finds_everything(place: Arc<dyn Place>) -> Verdict {
    let active = Active::at(&*place, "x").await?;
    put(&*active.storage, "gone", "1").await?;
    put(&*active.storage, "a", "1").await?;
    active.storage.commit(Transaction::new().delete("gone").put("b", "2")).await?;
    let before = active.storage.content();
    active.step_down().await;
    let active = Active::at(&*place, "y").await?;
    let after = active.storage.content();
    ensure!(after == before, "the next leader finds {after:?} instead of {before:?}");
    Ok(())
}

async fn after_a_crash_all_acknowledged_writes_are_there(place: Arc<dyn Place>) -> Verdict {
    let active = Active::at(&*place, "x").await?;
    for n in 0..20 {
        let pair = Transaction::new().put("one", n.to_string()).put("two", n.to_string());
        active.storage.commit(pair).await?;
        let found = Active::at(&*place.after_crash(), "y").await?;
        let kept = (text(&*found.storage, "one"), text(&*found.storage, "two"));
        let expected = (Some(n.to_string()), Some(n.to_string()));
        ensure!(kept == expected, "{kept:?} is found instead of {expected:?}");
    }
    Ok(())
}

async fn after_a_crash_revision_and_epoch_go_on(place: Arc<dyn Place>) -> Verdict {
    let active = Active::at(&*place, "x").await?;
    let last = put(&*active.storage, "a", "1").await?;
    let found = Active::at(&*place.after_crash(), "y").await?;
    let epochs = (active.storage.epoch(), found.storage.epoch());
    ensure!(epochs.1 > epochs.0, "epoch {} follows epoch {}", epochs.1, epochs.0);
    let next = put(&*found.storage, "a", "2").await?;
    let revisions = (last.revision, next.revision);
    ensure!(revisions.1 == revisions.0 + 1, "revision {} follows {}", revisions.1, revisions.0);
    Ok(())
}
