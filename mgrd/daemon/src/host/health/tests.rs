use super::*;

#[test]
fn several_modules_make_one_check_with_a_line_each() {
    let problem = |name: &str, error| Problem {
        code: "MGR_MODULE_ERROR",
        error,
        module: name.to_owned(),
        summary: format!("Module '{name}' has failed: x"),
        detail: vec!["stderr: boom".to_owned()],
    };
    let one = check(&[problem("a", true)]);
    assert_eq!(one.summary, "Module 'a' has failed: x");
    let two = check(&[problem("a", false), problem("b", true)]);
    assert_eq!((two.summary.as_str(), two.count), ("2 mgr modules have failed", 2));
    assert_eq!(two.severity, Severity::Error);
    assert_eq!(two.detail.len(), 4);
}
