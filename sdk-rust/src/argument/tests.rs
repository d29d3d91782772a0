use mgrd_snapshots::assert_errors;
use serde_json::json;

use super::*;

#[test]
fn values_are_read_as_the_type_says() {
    assert_eq!(String::read(Some(json!("a"))), Ok("a".into()));
    assert_eq!(i64::read(Some(json!("-4"))), Ok(-4));
    assert_eq!(f64::read(Some(json!(4))), Ok(4.0));
    assert_eq!(Vec::<u16>::read(Some(json!([1, 2]))), Ok(vec![1, 2]));
    assert_eq!(Vec::<u16>::read(Some(json!(1))), Ok(vec![1]));
    assert_eq!(Option::<Vec<u16>>::read(None), Ok(None));
    assert_eq!(bool::read(None), Ok(false));
}

fn error<T: ArgumentValue + std::fmt::Debug>(value: Option<Value>) -> String {
    T::read(value).unwrap_err().to_string()
}

#[test]
fn an_error_names_the_value_and_what_is_expected() {
    assert_eq!(error::<u16>(Some(json!(-1))), "-1 is not a whole number in range");
    assert_eq!(error::<String>(None), "it is missing; give a text");
    assert_eq!(error::<bool>(Some(json!(3))), "3 is not true or false");
}

#[test]
fn texts() {
    assert_errors!(ArgumentError of [ArgumentError::new("'abba1' is not a palindrome")]);
}
