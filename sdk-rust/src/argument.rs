//! Which Rust types the arguments of commands can have.

use serde_json::Value;

/// How an argument looks in a descriptor: `name=…,type=CephInt,range=0|9`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArgumentKind {
    pub(crate) type_name: &'static str,
    pub(crate) range: Option<&'static str>,
    pub(crate) choices: &'static [&'static str],
    pub(crate) required: bool,
    pub(crate) many: bool,
}

impl ArgumentKind {
    /// One value, required, of this type, such as `CephString`.
    #[must_use]
    pub const fn new(type_name: &'static str) -> Self {
        Self { type_name, range: None, choices: &[], required: true, many: false }
    }

    /// A number in this range, `min` or `min|max`.
    #[must_use]
    pub const fn range(self, range: &'static str) -> Self {
        Self { range: Some(range), ..self }
    }

    /// One of these names, of type `CephChoices`.
    #[must_use]
    pub const fn choices(self, choices: &'static [&'static str]) -> Self {
        Self { choices, ..self }
    }

    /// It may be left out.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// One or more values.
    #[must_use]
    pub const fn many(self) -> Self {
        Self { many: true, ..self }
    }
}

/// A type that an argument's value can have: numbers, `bool`, `String`, an enum that derives
/// [`Choices`](crate::Choices), and `Option` and `Vec` of these. Implement it for a type that has its
/// own checks:
///
/// ```
/// use mgrd_sdk::{ArgumentError, ArgumentKind, ArgumentValue};
/// use serde_json::Value;
///
/// /// A text that reads the same forwards and backwards.
/// struct Palindrome(String);
///
/// impl ArgumentValue for Palindrome {
///     fn kind() -> ArgumentKind {
///         String::kind()
///     }
///
///     fn read(value: Option<Value>) -> Result<Self, ArgumentError> {
///         let text = String::read(value)?;
///         match text.chars().eq(text.chars().rev()) {
///             true => Ok(Self(text)),
///             false => Err(format!("'{text}' is not a palindrome").into()),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a command",
    note = "use a number, `bool`, `String`, an enum that derives `Choices`, or `Option` or `Vec` of them",
    note = "or implement `ArgumentValue` for it"
)]
pub trait ArgumentValue: Sized {
    /// How it looks in the descriptor.
    fn kind() -> ArgumentKind;

    /// Reads the value; `None` means that the client did not give the argument.
    ///
    /// # Errors
    /// The value is not of this type; the text says what is expected.
    fn read(value: Option<Value>) -> Result<Self, ArgumentError>;
}

/// Why a value cannot be an argument. The text says what is expected; the name of the argument is
/// put in front of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ArgumentError(String);

impl ArgumentError {
    /// An error with this text, such as `'abba1' is not a palindrome`.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<String> for ArgumentError {
    fn from(message: String) -> Self {
        Self(message)
    }
}

impl From<&str> for ArgumentError {
    fn from(message: &str) -> Self {
        Self(message.to_owned())
    }
}

impl ArgumentValue for String {
    fn kind() -> ArgumentKind {
        ArgumentKind::new("CephString")
    }

    fn read(value: Option<Value>) -> Result<Self, ArgumentError> {
        match value {
            Some(Value::String(text)) => Ok(text),
            Some(other @ (Value::Number(_) | Value::Bool(_))) => Ok(other.to_string()),
            other => Err(unfit("a text", other.as_ref())),
        }
    }
}

/// A flag is never required. Without it, the value is false.
impl ArgumentValue for bool {
    fn kind() -> ArgumentKind {
        ArgumentKind::new("CephBool").optional()
    }

    fn read(value: Option<Value>) -> Result<Self, ArgumentError> {
        match value {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(Value::String(text)) if text == "true" => Ok(true),
            Some(Value::String(text)) if text == "false" => Ok(false),
            other => Err(unfit("true or false", other.as_ref())),
        }
    }
}

impl<T: ArgumentValue> ArgumentValue for Option<T> {
    fn kind() -> ArgumentKind {
        T::kind().optional()
    }

    fn read(value: Option<Value>) -> Result<Self, ArgumentError> {
        match value {
            None | Some(Value::Null) => Ok(None),
            value => T::read(value).map(Some),
        }
    }
}

impl<T: ArgumentValue> ArgumentValue for Vec<T> {
    fn kind() -> ArgumentKind {
        T::kind().many()
    }

    fn read(value: Option<Value>) -> Result<Self, ArgumentError> {
        match value {
            Some(Value::Array(items)) => items.into_iter().map(|i| T::read(Some(i))).collect(),
            Some(Value::Null) | None => Err(unfit("a list", None)),
            single => Ok(vec![T::read(single)?]),
        }
    }
}

macro_rules! numbers {
    ($name:literal, $words:literal: $($type:ty => $range:expr),+) => {$(
        impl ArgumentValue for $type {
            fn kind() -> ArgumentKind {
                ArgumentKind { range: $range, ..ArgumentKind::new($name) }
            }

            fn read(value: Option<Value>) -> Result<Self, ArgumentError> {
                let number = match &value {
                    Some(Value::String(text)) => text.parse().ok(),
                    Some(number) => serde_json::from_value(number.clone()).ok(),
                    None => None,
                };
                number.ok_or_else(|| unfit($words, value.as_ref()))
            }
        }
    )+};
}

numbers!("CephInt", "a whole number in range":
    i64 => None, i32 => Some("-2147483648|2147483647"), usize => Some("0"), u64 => Some("0"),
    u32 => Some("0|4294967295"), u16 => Some("0|65535"));
numbers!("CephFloat", "a number": f64 => None);

pub(crate) fn unfit(expected: &str, value: Option<&Value>) -> ArgumentError {
    ArgumentError(match value {
        Some(value) => format!("{value} is not {expected}"),
        None => format!("it is missing; give {expected}"),
    })
}

#[cfg(test)]
mod tests;
