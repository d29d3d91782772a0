//! What is found after an end or a crash.

use std::sync::Arc;

use super::{Active, Fixture, Verdict, cases, ensure, put, text};
use crate::archive::{export, import};
use crate::transaction::Transaction;

cases! {
    the_next_leader_finds_everything,
    after_a_crash_all_acknowledged_writes_are_there,
    after_a_crash_revision_and_epoch_go_on,
    an_import_replaces_everything_that_was_stored,
}

async fn the_next_leader_finds_everything(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    put(&*active.storage, "gone", "1").await?;
    put(&*active.storage, "a", "1").await?;
    active.storage.commit(Transaction::new().delete("gone").put("b", "2")).await?;
    let before = active.storage.content();
    active.step_down().await;
    let active = Active::at(&*fixture, "y").await?;
    let after = active.storage.content();
    ensure!(after == before, "the next leader finds {after:?} instead of {before:?}");
    Ok(())
}

async fn after_a_crash_all_acknowledged_writes_are_there(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    for n in 0..20 {
        let pair = Transaction::new().put("one", n.to_string()).put("two", n.to_string());
        active.storage.commit(pair).await?;
        let found = Active::at(&*fixture.after_crash(), "y").await?;
        let kept = (text(&*found.storage, "one"), text(&*found.storage, "two"));
        let expected = (Some(n.to_string()), Some(n.to_string()));
        ensure!(kept == expected, "{kept:?} is found instead of {expected:?}");
    }
    Ok(())
}

async fn after_a_crash_revision_and_epoch_go_on(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    let last = put(&*active.storage, "a", "1").await?;
    let after_crash = fixture.after_crash();
    let found = Active::at(&*after_crash, "y").await?;
    let epochs = (active.storage.epoch(), found.storage.epoch());
    ensure!(epochs.1 > epochs.0, "epoch {} follows epoch {}", epochs.1, epochs.0);
    let next = put(&*found.storage, "a", "2").await?;
    let revisions = (last.revision, next.revision);
    ensure!(revisions.1 == revisions.0 + 1, "revision {} follows {}", revisions.1, revisions.0);
    Ok(())
}

async fn an_import_replaces_everything_that_was_stored(fixture: Arc<dyn Fixture>) -> Verdict {
    let backend = fixture.backend();
    let active = Active::at(&*fixture, "x").await?;
    put(&*active.storage, "a", "1").await?;
    active.step_down().await;
    let mut exported = Vec::new();
    export(&*backend, &mut exported)?;
    let active = Active::at(&*fixture, "x").await?;
    put(&*active.storage, "a", "2").await?;
    let last = put(&*active.storage, "b", "2").await?;
    active.step_down().await;
    import(&*backend, &exported[..], true)?;
    let active = Active::at(&*fixture, "y").await?;
    let found = (text(&*active.storage, "a"), text(&*active.storage, "b"));
    ensure!(found == (Some("1".to_owned()), None), "{found:?} is found after the import");
    let revisions = (last.revision, active.storage.revision());
    ensure!(revisions.1 > revisions.0, "revision {} follows {}", revisions.1, revisions.0);
    Ok(())
}
