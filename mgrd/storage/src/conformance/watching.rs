//! Watches.

use std::sync::Arc;

use super::{Active, Fixture, Verdict, Violation, cases, ensure, put};
use crate::transaction::{Precondition, Transaction};
use crate::watch::{Change, Watch, WatchEvent};

cases! {
    a_watch_gets_each_change_below_its_prefix_in_order,
    a_change_can_be_read_when_a_watch_gets_it,
    a_watch_gets_nothing_of_a_refused_write,
    closing_the_storage_ends_its_watches,
}

async fn next(watch: &mut Watch) -> Result<Change, Violation> {
    match watch.next().await {
        Some(WatchEvent::Change(change)) => Ok(change),
        other => Err(Violation::Broken(format!("a change was expected, {other:?} came"))),
    }
}

async fn a_watch_gets_each_change_below_its_prefix_in_order(fixture: Arc<dyn Fixture>) -> Verdict {
    const WRITES: u64 = 50;
    let active = Active::at(&*fixture, "x").await?;
    put(&*active.storage, "a/before", "1").await?;
    let mut watch = active.storage.watch("a/");
    let first = active.storage.revision() + 1;
    for n in 0..WRITES {
        let write = Transaction::new().put("b/other", "1");
        let write = match n % 3 {
            2 => write.delete("a/1"),
            _ => write.put("a/1", n.to_string()).put("a/2", n.to_string()),
        };
        active.storage.commit(write).await?;
    }
    for n in 0..WRITES {
        let revision = first + n;
        let value = (n % 3 != 2).then(|| n.to_string().into());
        let mut expected = vec![Change { key: "a/1".into(), value: value.clone(), revision }];
        expected.extend(value.map(|value| Change {
            key: "a/2".into(),
            value: Some(value),
            revision,
        }));
        for expected in expected {
            let change = next(&mut watch).await?;
            ensure!(change == expected, "{change:?} came instead of {expected:?}");
        }
    }
    Ok(())
}

async fn a_change_can_be_read_when_a_watch_gets_it(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    let mut watch = active.storage.watch("");
    let storage = Arc::clone(&active.storage);
    let writer = tokio::spawn(async move {
        for n in 0..20 {
            put(&*storage, "a", n.to_string()).await?;
        }
        Ok::<_, Violation>(())
    });
    for _ in 0..20 {
        let change = next(&mut watch).await?;
        let shown = active.storage.get("a").map_or(0, |entry| entry.revision);
        ensure!(shown >= change.revision, "{change:?} came while reads showed {shown}");
    }
    writer.await.map_err(|why| Violation::Broken(format!("the writer ended: {why}")))?
}

async fn a_watch_gets_nothing_of_a_refused_write(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    put(&*active.storage, "a", "1").await?;
    let mut watch = active.storage.watch("");
    let refused = Transaction::new().put("a", "2").require(Precondition::Absent("a".into()));
    let refused = active.storage.commit(refused).await;
    ensure!(refused.is_err(), "a write passed whose condition fails");
    put(&*active.storage, "b", "3").await?;
    let change = next(&mut watch).await?;
    ensure!(&*change.key == "b", "{change:?} came for a refused write");
    Ok(())
}

async fn closing_the_storage_ends_its_watches(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    let mut watch = active.storage.watch("");
    put(&*active.storage, "a", "1").await?;
    active.storage.close().await;
    let change = next(&mut watch).await?;
    ensure!(&*change.key == "a", "{change:?} came instead of the last change");
    let after = watch.next().await;
    ensure!(after.is_none(), "{after:?} came after the storage was closed");
    Ok(())
}
