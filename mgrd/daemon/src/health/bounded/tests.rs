use super::*;

fn check(summary: &str, detail: &[&str]) -> Check {
    let detail = detail.iter().map(|&line| line.to_owned()).collect();
    Check { summary: summary.to_owned(), count: 1, detail, ..Check::default() }
}

fn bounded(checks: &[(&str, Check)], limits: Limits) -> Bounded {
    let checks = checks.iter().map(|(code, check)| ((*code).to_owned(), check.clone())).collect();
    Bounded::new(checks, &limits)
}

#[test]
fn checks_are_weighed_together_with_their_details() {
    let limits = |health_bytes| Limits { health_bytes, ..Limits::default() };
    let line = "x".repeat(100);
    let large = [("A", check("a", &[&line, &line, &line])), ("B", check("b", &[]))];
    // The room for both checks and two lines.
    let some = bounded(&large, limits(2 * 66 + 2 * 164 + 9));
    let expected = [line.clone(), line.clone(), "and 1 more".to_owned()];
    assert_eq!((some.checks["A"].detail.as_slice(), some.left_out), (&expected[..], 0));
    assert_eq!(bounded(&large, limits(66)).left_out, 1);
    assert_eq!(bounded(&large, limits(0)), Bounded { checks: Checks::new(), left_out: 2 });
    assert_eq!(bounded(&large, limits(1000)).left_out, 0);
}

#[test]
fn checks_and_details_are_counted_too() {
    let limits = Limits { health_checks: 1, health_details: 1, ..Limits::default() };
    let some = bounded(&[("A", check("a", &["", "", ""])), ("B", check("b", &[]))], limits);
    assert_eq!(
        (some.checks["A"].detail.as_slice(), some.left_out),
        (&["".to_owned(), "and 2 more".to_owned()][..], 1)
    );
}

#[test]
fn a_code_that_could_control_a_terminal_is_left_out() {
    for code in ["A\nB", "A\u{1b}[31m", "A\tB"] {
        assert_eq!(bounded(&[(code, check("a", &[]))], Limits::default()).left_out, 1, "{code:?}");
    }
    let texts = [("A", check("a\nb\u{1b}[31m", &["c\u{1b}[31md\re"]))];
    let cleaned = bounded(&texts, Limits::default());
    let seen = &cleaned.checks["A"];
    assert_eq!((seen.summary.as_str(), seen.detail[0].as_str()), ("a b", "cd\ne"));
}
