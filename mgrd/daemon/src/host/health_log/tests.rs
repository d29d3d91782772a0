use super::*;

fn checks(list: &[(&str, Severity, &str, i64)]) -> BTreeMap<String, MergedCheck> {
    let check = |&(code, severity, summary, count): &(&str, _, &str, _)| {
        let summary = summary.to_owned();
        let check = MergedCheck { severity, summary, count, detail: vec![], muted: false };
        (code.to_owned(), check)
    };
    list.iter().map(check).collect()
}

fn entries(
    before: &BTreeMap<String, MergedCheck>,
    now: &BTreeMap<String, MergedCheck>,
) -> Vec<String> {
    news(before, now).into_iter().map(|(priority, text)| format!("{priority} {text}")).collect()
}

#[test]
fn only_a_change_of_severity_or_count_is_logged() {
    let one = checks(&[("A", Severity::Warning, "a for 3 s", 1)]);
    let later = checks(&[("A", Severity::Warning, "a for 4 s", 1)]);
    let more = checks(&[("A", Severity::Warning, "2 a", 2), ("B", Severity::Error, "b", 1)]);
    assert_eq!(entries(&checks(&[]), &one), ["[WRN] Health check failed: a for 3 s (A)"]);
    assert!(entries(&one, &later).is_empty());
    assert_eq!(
        entries(&one, &more),
        ["[WRN] Health check update: 2 a (A)", "[ERR] Health check failed: b (B)"]
    );
    assert_eq!(entries(&one, &checks(&[])), ["[INF] Health check cleared: A (was: a for 3 s)"]);
}
