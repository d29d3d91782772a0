//! Descriptors, words and JSON that no author writes.

use serde_json::Value;

use super::*;

/// The first line is a descriptor, the second has words, the third is JSON.
fn descriptor(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.splitn(3, '\n');
    let [descriptor, words, json] = [(); 3].map(|()| lines.next().unwrap_or_default());
    let spec = match CommandSpec::new("m", descriptor, words, "rw", Flags::default()) {
        Ok(spec) => spec,
        Err(why) => return assert!(!why.to_string().is_empty()),
    };
    let again = CommandSpec::new("m", &spec.descriptor(), words, "rw", Flags::default());
    let again = again.map(|again| again.descriptor());
    assert_eq!(again.as_deref(), Ok(&*spec.descriptor()), "the canonical form of {descriptor:?}");
    let mut table = CommandTable::new();
    let prefix: Vec<_> = spec.prefix().split(' ').map(str::to_owned).collect();
    if table.register(spec).is_err() {
        return;
    }
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    for words in [words.clone(), [prefix, words].concat()] {
        if let Err(why) = table.bind(&words) {
            assert!(!why.to_string().is_empty());
        }
        assert!(table.help(&words, 40).lines().all(|line| line.len() < 1 << 16));
        let (last, before) = words.split_last().expect("splitting makes at least one word");
        let found = table.complete(before, last).candidates;
        assert!(found.iter().all(|candidate| candidate.word.starts_with(last)));
    }
    if let Ok(Value::Object(request)) = serde_json::from_str(json)
        && let Err(why) = table.validate(&request)
    {
        assert!(!why.to_string().is_empty());
    }
}

#[test]
fn fuzz_descriptor() {
    mgrd_fuzz::fuzz("descriptor", descriptor);
}
