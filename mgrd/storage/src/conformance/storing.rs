//! Reads and writes.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{Active, Fixture, Verdict, cases, ensure, put, text};
use crate::entry::Key;
use crate::error::CommitError;
use crate::transaction::{MAX_KEY_BYTES, MAX_TRANSACTION_BYTES, Precondition, Transaction};
use crate::usage::Usage;

cases! {
    a_write_is_read_at_once,
    a_range_is_what_begins_with_the_prefix_in_order,
    pages_make_up_the_range_and_a_folder_knows_what_it_holds,
    any_value_is_kept_as_it_is,
    a_condition_that_fails_writes_nothing_and_names_its_key,
    conditions_that_hold_let_a_write_pass,
    a_refused_transaction_changes_no_key,
    each_change_is_the_next_revision,
    a_write_that_changes_nothing_makes_no_revision,
    content_is_all_entries_and_their_revision,
    too_large_a_write_is_refused_and_nothing_is_written,
    concurrent_writers_lose_no_update,
    a_storage_that_works_reports_no_fault,
}

async fn a_write_is_read_at_once(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    for value in ["1", "2"] {
        let committed = put(&*active.storage, "a", value).await?;
        let entry = active.storage.get("a");
        let read = entry.as_ref().map(|entry| (&entry.value[..], entry.revision));
        let expected = Some((value.as_bytes(), committed.revision));
        ensure!(read == expected, "read {read:?} after {expected:?} was written");
    }
    active.storage.commit(Transaction::new().delete("a")).await?;
    ensure!(active.storage.get("a").is_none(), "a key is there after it was removed");
    Ok(())
}

async fn a_range_is_what_begins_with_the_prefix_in_order(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    for key in ["b/2", "b", "a", "b/10", "c", "b/1", "b0"] {
        put(&*active.storage, key, key.to_owned()).await?;
    }
    for (prefix, expected) in [
        ("b/", vec!["b/1", "b/10", "b/2"]),
        ("", vec!["a", "b", "b/1", "b/10", "b/2", "b0", "c"]),
        ("d", vec![]),
    ] {
        let found = active.storage.range(prefix);
        let keys = found.iter().map(|(key, _)| &**key).collect::<Vec<_>>();
        ensure!(keys == expected, "the range '{prefix}' is {keys:?} instead of {expected:?}");
    }
    Ok(())
}

async fn pages_make_up_the_range_and_a_folder_knows_what_it_holds(
    fixture: Arc<dyn Fixture>,
) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    let storage = &*active.storage;
    for key in ["a/b/1", "a/b/2", "a/b/3", "a/c/1", "a/b"] {
        put(storage, key, "value").await?;
    }
    put(storage, "a/b/2", "longer").await?;
    storage.commit(Transaction::new().delete("a/b/1")).await?;
    let mut entries = Vec::new();
    loop {
        let after = entries.last().map_or_else(String::new, |(key, _): &(Key, _)| key.to_string());
        let page = storage.page("a/b/", &after, 1);
        ensure!(page.entries.len() == 1, "a page of one byte has {:?}", page.entries);
        entries.extend(page.entries);
        if !page.more {
            break;
        }
    }
    ensure!(entries == storage.range("a/b/"), "pages and range differ: {entries:?}");
    let usage = storage.usage("a/b/");
    let expected = Usage { keys: 2, bytes: "a/b/2longera/b/3value".len() };
    ensure!(usage == expected, "the folder holds {usage:?} instead of {expected:?}");
    let outer = storage.usage("a/");
    let all = storage.range("a/");
    let bytes = all.iter().map(|(key, entry)| key.len() + entry.value.len()).sum();
    let expected = Usage { keys: all.len(), bytes };
    ensure!(outer == expected, "the outer folder holds {outer:?} instead of {expected:?}");
    let every = storage.range("");
    let bytes = every.iter().map(|(key, entry)| key.len() + entry.value.len()).sum();
    let (all, expected) = (storage.usage(""), Usage { keys: every.len(), bytes });
    ensure!(all == expected, "all keys together hold {all:?} instead of {expected:?}");
    let none = storage.usage("d/e/");
    ensure!(none == Usage::default(), "an empty folder holds {none:?}");
    Ok(())
}

async fn any_value_is_kept_as_it_is(fixture: Arc<dyn Fixture>) -> Verdict {
    let every_byte = || (0..=255_u8).cycle();
    let values =
        [0, 1, 256, 70_000, 3 << 20].map(|size| every_byte().take(size).collect::<Vec<_>>());
    let key = |size: usize| format!("grüße \n\0/{size}");
    let active = Active::at(&*fixture, "x").await?;
    for value in &values {
        put(&*active.storage, &key(value.len()), value.clone()).await?;
    }
    active.step_down().await;
    let active = Active::at(&*fixture, "y").await?;
    for value in &values {
        let kept = active.storage.get(&key(value.len()));
        let same = kept.is_some_and(|entry| entry.value == value[..]);
        ensure!(same, "a value of {} bytes is not what was written", value.len());
    }
    Ok(())
}

async fn a_condition_that_fails_writes_nothing_and_names_its_key(
    fixture: Arc<dyn Fixture>,
) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    let first = put(&*active.storage, "a", "1").await?;
    for condition in [
        Precondition::Absent("a".into()),
        Precondition::Value("a".into(), "2".into()),
        Precondition::Revision("a".into(), first.revision + 1),
        Precondition::Value("none".into(), "1".into()),
        Precondition::Revision("none".into(), first.revision),
    ] {
        let key = condition.key().clone();
        let write = Transaction::new().put("b", "2").require(condition.clone());
        let refused = active.storage.commit(write).await;
        let expected = Err(CommitError::PreconditionFailed { key });
        ensure!(refused == expected, "{condition:?} leads to {refused:?}");
        ensure!(active.storage.get("b").is_none(), "{condition:?} did not keep a write out");
    }
    let revision = active.storage.revision();
    ensure!(revision == first.revision, "refused writes made revision {revision}");
    Ok(())
}

async fn conditions_that_hold_let_a_write_pass(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    let first = put(&*active.storage, "a", "1").await?;
    let write = Transaction::new()
        .require(Precondition::Absent("b".into()))
        .require(Precondition::Value("a".into(), "1".into()))
        .require(Precondition::Revision("a".into(), first.revision))
        .put("a", "2")
        .put("b", "2");
    active.storage.commit(write).await?;
    let read = (text(&*active.storage, "a"), text(&*active.storage, "b"));
    ensure!(read == (Some("2".to_owned()), Some("2".to_owned())), "read {read:?}");
    Ok(())
}

async fn a_refused_transaction_changes_no_key(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    put(&*active.storage, "a", "1").await?;
    put(&*active.storage, "b", "1").await?;
    let write = Transaction::new().put("a", "2").delete("b").put("c", "2");
    let refused = active.storage.commit(write.require(Precondition::Absent("b".into()))).await;
    ensure!(refused.is_err(), "a transaction passed whose condition fails");
    let keys = ["a", "b", "c"].map(|key| text(&*active.storage, key));
    let before = [Some("1".to_owned()), Some("1".to_owned()), None];
    ensure!(keys == before, "a part of a refused transaction was written: {keys:?}");
    Ok(())
}

async fn each_change_is_the_next_revision(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    let mut revision = active.storage.revision();
    for n in 0..5 {
        let write = Transaction::new().put("a", n.to_string()).put("b", n.to_string());
        let committed = active.storage.commit(write).await?;
        revision += 1;
        let seen = (committed.revision, active.storage.revision());
        ensure!(seen == (revision, revision), "revision {revision} is shown as {seen:?}");
        let of_keys = ["a", "b"].map(|key| active.storage.get(key).map(|entry| entry.revision));
        ensure!(of_keys == [Some(revision); 2], "keys of revision {revision} have {of_keys:?}");
    }
    Ok(())
}

async fn a_write_that_changes_nothing_makes_no_revision(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    let before = put(&*active.storage, "a", "1").await?;
    let nothing = Transaction::new().delete("none");
    let after = active.storage.commit(nothing).await?;
    ensure!(after == before, "removing nothing leads from {before:?} to {after:?}");
    Ok(())
}

async fn content_is_all_entries_and_their_revision(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    put(&*active.storage, "b", "1").await?;
    put(&*active.storage, "a", "2").await?;
    let content = active.storage.content();
    let entries = content.entries.into_iter().collect::<Vec<_>>();
    ensure!(entries == active.storage.range(""), "content and range differ: {entries:?}");
    let revision = active.storage.revision();
    ensure!(content.revision == revision, "content says {}, not {revision}", content.revision);
    Ok(())
}

async fn too_large_a_write_is_refused_and_nothing_is_written(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    let longest = "k".repeat(MAX_KEY_BYTES);
    put(&*active.storage, &longest, "1").await?;
    let long = put(&*active.storage, &"k".repeat(MAX_KEY_BYTES + 1), "1").await;
    ensure!(matches!(long, Err(CommitError::KeyTooLong { .. })), "a long key: {long:?}");
    let large = put(&*active.storage, "a", vec![0; MAX_TRANSACTION_BYTES]).await;
    ensure!(matches!(large, Err(CommitError::TooLarge { .. })), "a large value: {large:?}");
    let keys = active.storage.range("").len();
    ensure!(keys == 1, "{keys} keys are there after two refused writes");
    Ok(())
}

async fn concurrent_writers_lose_no_update(fixture: Arc<dyn Fixture>) -> Verdict {
    const WRITERS: u64 = 16;
    const UPDATES: u64 = 5;
    let active = Active::at(&*fixture, "x").await?;
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let storage = Arc::clone(&active.storage);
        writers.spawn(async move {
            let mut done = 0;
            while done < UPDATES {
                let entry = storage.get("counter");
                let count = text(&*storage, "counter").and_then(|text| text.parse().ok());
                // A change between the two reads fails the condition.
                let next = count.unwrap_or(0_u64) + 1;
                let write = Transaction::new().put("counter", next.to_string());
                let counter = "counter".into();
                let unchanged = match entry {
                    None => Precondition::Absent(counter),
                    Some(entry) => Precondition::Revision(counter, entry.revision),
                };
                match storage.commit(write.require(unchanged)).await {
                    Ok(_) => done += 1,
                    Err(CommitError::PreconditionFailed { .. }) => {}
                    Err(why) => return Err(why),
                }
            }
            Ok(())
        });
    }
    for ended in writers.join_all().await {
        ended?;
    }
    let count = text(&*active.storage, "counter");
    let expected = Some((WRITERS * UPDATES).to_string());
    ensure!(count == expected, "the counter is {count:?} instead of {expected:?}");
    Ok(())
}

async fn a_storage_that_works_reports_no_fault(fixture: Arc<dyn Fixture>) -> Verdict {
    let active = Active::at(&*fixture, "x").await?;
    put(&*active.storage, "a", "1").await?;
    let fault = active.storage.health();
    ensure!(fault.is_none(), "{fault:?} after a write that succeeded");
    Ok(())
}
