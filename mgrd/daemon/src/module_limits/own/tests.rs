//! The layers of the settings of one module.

use super::*;

#[test]
fn an_operator_comes_before_the_author_and_the_author_before_all() {
    let own = OwnLimits::default();
    let memory = |value| Settings::default().with(Limit::Memory, value);
    assert_eq!((own.set(Limit::Memory), own.or(Limit::Memory, Some(1))), (None, Some(1)));
    own.set_author(memory(Some(2)));
    assert_eq!(own.set(Limit::Memory), Some((Some(2), Origin::Author)));
    // Whether that is more or less than the author wants.
    for value in [Some(1), Some(3), None] {
        own.set_operator(memory(value));
        assert_eq!(own.set(Limit::Memory), Some((value, Origin::Operator)));
        assert_eq!(own.or(Limit::Memory, Some(9)), value);
    }
    own.set_author(Settings::default());
    assert_eq!(own.set(Limit::Memory), Some((None, Origin::Operator)));
    own.set_operator(Settings::default());
    assert_eq!((own.set(Limit::Memory), own.count(Limit::Memory, 7)), (None, 7));
}
