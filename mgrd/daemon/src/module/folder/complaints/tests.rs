use super::*;

#[test]
fn a_problem_is_fresh_until_it_is_known_and_again_after_it_was_gone() {
    let problem = |text: &str| Complaint { module: None, text: text.to_owned() };
    let complaints = Complaints::default();
    let fresh = |now: &[&str]| complaints.fresh(now.iter().map(|&text| problem(text)).collect());
    assert_eq!(fresh(&["a"]), [problem("a")]);
    assert_eq!(fresh(&["a", "b"]), [problem("b")]);
    assert_eq!(fresh(&["a", "b"]), []);
    assert_eq!(fresh(&["b"]), []);
    assert_eq!(fresh(&["a", "b"]), [problem("a")]);
}
