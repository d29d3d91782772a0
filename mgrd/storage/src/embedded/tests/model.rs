//! Any sequence of transactions against a map that does the same, by way of reopening.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::entry::{Entry, Key};
use crate::usage::Usage;

#[derive(Clone, Debug)]
enum Step {
    Commit { require: Option<(u8, bool)>, ops: Vec<(u8, Option<u8>)> },
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let require = prop::option::of((0u8..5, any::<bool>()));
    let ops = prop::collection::vec((0u8..5, prop::option::of(any::<u8>())), 0..4);
    let commit = (require, ops).prop_map(|(require, ops)| Step::Commit { require, ops });
    prop::collection::vec(prop_oneof![8 => commit, 1 => Just(Step::Reopen)], 0..30)
}

fn name(key: u8) -> String {
    format!("a/{}/{key}", key % 2)
}

fn transaction(require: Option<(u8, bool)>, ops: &[(u8, Option<u8>)], now: &Model) -> Transaction {
    let mut transaction = Transaction::new();
    if let Some((key, met)) = require {
        let key = name(key);
        let precondition = match now.get(&key).filter(|_| met) {
            Some(value) => Precondition::Value(key.as_str().into(), value.clone().into()),
            None => Precondition::Absent(key.as_str().into()),
        };
        transaction = transaction.require(precondition);
    }
    ops.iter().fold(transaction, |transaction, (key, value)| match value {
        Some(value) => transaction.put(&name(*key), vec![*value]),
        None => transaction.delete(&name(*key)),
    })
}

/// All keys of a prefix, two at a time.
fn in_pages(storage: &dyn Storage, prefix: &str) -> Vec<(Key, Entry)> {
    let mut all: Vec<(Key, Entry)> = Vec::new();
    loop {
        let after = all.last().map_or("", |(key, _)| key).to_owned();
        let page = storage.page(prefix, &after, 80);
        assert!(page.entries.len() <= 2 && (!page.more || !page.entries.is_empty()));
        all.extend(page.entries);
        if !page.more {
            return all;
        }
    }
}

type Model = BTreeMap<String, Vec<u8>>;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn it_behaves_as_a_map_does(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("storage");
        let mut model = Model::new();
        let mut storage = Arc::new(open(&path).unwrap());
        for step in steps {
            let Step::Commit { require, ops } = step else {
                let (epoch, revision) = (storage.epoch(), storage.revision());
                drop(storage);
                storage = Arc::new(open(&path).unwrap());
                prop_assert_eq!((storage.epoch(), storage.revision()), (epoch + 1, revision));
                continue;
            };
            let before = storage.revision();
            let answer = runtime.block_on(storage.commit(transaction(require, &ops, &model)));
            let absent = |key: u8| !model.contains_key(&name(key));
            if require.is_some_and(|(key, met)| !met && !absent(key)) {
                let refused = matches!(answer, Err(CommitError::PreconditionFailed { .. }));
                prop_assert!(refused);
                prop_assert_eq!(storage.revision(), before);
            } else {
                let mut changed = false;
                for (key, value) in ops {
                    changed |= match value {
                        Some(value) => { model.insert(name(key), vec![value]); true }
                        None => model.remove(&name(key)).is_some(),
                    };
                }
                let revision = before + u64::from(changed);
                prop_assert_eq!(answer, Ok(Committed { revision }));
                prop_assert_eq!(storage.revision(), revision);
            }
            for prefix in ["", "a/", "a/0/", "a/1/"] {
                let found = storage.range(prefix);
                prop_assert_eq!(&in_pages(&*storage, prefix), &found);
                let found: Vec<_> = found.into_iter()
                    .map(|(key, entry)| (key.to_string(), entry.value.to_vec())).collect();
                let wanted: Vec<_> = model.clone().into_iter()
                    .filter(|(key, _)| key.starts_with(prefix)).collect();
                let bytes = wanted.iter().map(|(key, value)| key.len() + value.len()).sum();
                let usage = Usage { keys: wanted.len(), bytes };
                prop_assert!(storage.usage(prefix) == usage);
                prop_assert_eq!(found, wanted);
            }
        }
    }
}
