use super::*;

#[test]
fn one_that_is_refused_costs_the_others_nothing_and_is_told() {
    let mut taken = Vec::new();
    let mut take = |n: u32| {
        if n.is_multiple_of(2) {
            return Err(FeedError::Name(n.to_string()));
        }
        taken.push(n);
        Ok(())
    };
    assert!(each(vec![1, 3], &mut take).is_ok());
    let refused = each(vec![4, 5, 6, 7], &mut take).unwrap_err().to_string();
    assert!(refused.starts_with("2 of 4 were refused") && refused.contains("'4'"), "{refused}");
    assert_eq!(taken, [1, 3, 5, 7]);
}
