//! The fencing token: a former leader cannot write.

use std::sync::Arc;

use futures_util::FutureExt;

use super::{Active, Fixture, Verdict, candidate, cases, ensure, put, text};
use crate::content::Known;
use crate::error::CommitError;

cases! {
    each_opening_has_a_greater_epoch,
    a_former_leader_cannot_write_after_the_next_one_opened_the_storage,
    a_closed_storage_refuses_writes,
}

async fn each_opening_has_a_greater_epoch(fixture: Arc<dyn Fixture>) -> Verdict {
    let mut before = 0;
    for id in ["x", "y", "x"] {
        let active = Active::at(&*fixture, id).await?;
        let epoch = active.storage.epoch();
        ensure!(epoch > before, "epoch {epoch} follows epoch {before}");
        put(&*active.storage, "a", id.to_owned()).await?;
        ensure!(active.storage.epoch() == epoch, "the epoch changed while the storage was open");
        before = epoch;
        active.step_down().await;
    }
    Ok(())
}

async fn a_former_leader_cannot_write_after_the_next_one_opened_the_storage(
    fixture: Arc<dyn Fixture>,
) -> Verdict {
    let former = Active::at(&*fixture, "x").await?;
    put(&*former.storage, "a", "x").await?;
    fixture.revoke_lease();
    former.lease.lost().await;
    let lease = fixture.backend().campaign(&candidate("y")).await?;
    let mut opening = lease.open_storage(Known::default());
    let mut opened = None;
    // The former leader does not know better yet. What is acknowledged now must not be lost.
    let mut acknowledged = 0;
    while acknowledged < 20 {
        let late = put(&*former.storage, "late", (acknowledged + 1).to_string()).await;
        if late.is_err() {
            break;
        }
        acknowledged += 1;
        opened = (&mut opening).now_or_never();
        if opened.is_some() {
            let too_late = put(&*former.storage, "a", "too late").await;
            ensure!(too_late.is_err(), "a former leader wrote after the next one opened");
            break;
        }
    }
    // A leader that lost its lease closes the storage. Some backends wait for that.
    former.storage.close().await;
    let storage = match opened {
        Some(opened) => opened?,
        None => opening.await?,
    };
    let kept = (text(&*storage, "a"), text(&*storage, "late"));
    let late = (acknowledged > 0).then(|| acknowledged.to_string());
    let expected = (Some("x".to_owned()), late);
    ensure!(kept == expected, "the next leader finds {kept:?} instead of {expected:?}");
    ensure!(storage.epoch() > former.storage.epoch(), "the next leader has no greater epoch");
    put(&*storage, "a", "y").await?;
    Ok(())
}

async fn a_closed_storage_refuses_writes(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    put(&*active.storage, "a", "1").await?;
    active.storage.close().await;
    let refused = put(&*active.storage, "a", "2").await;
    ensure!(refused == Err(CommitError::Closed), "a write after the end leads to {refused:?}");
    ensure!(text(&*active.storage, "a") == Some("1".to_owned()), "reads no longer work");
    Ok(())
}
