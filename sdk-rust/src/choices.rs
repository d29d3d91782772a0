//! Enums whose values are chosen by name.

use serde_json::Value;

use crate::argument::unfit;
use crate::{ArgumentError, ArgumentKind, ArgumentValue, OptionValue};

/// An enum whose values are chosen by name, in arguments of commands and in options; derive it.
///
/// A value has the name of its variant, with hyphens: `almost-full` for `AlmostFull`.
/// `#[choice("…")]` gives it another name. The derive also writes `Display`. An option of this type
/// should have a default or be in an `Option`; otherwise the first variant is the default.
///
/// ```
/// use mgrd_sdk::prelude::*;
///
/// #[derive(Choices, Clone, Copy, Debug, PartialEq)]
/// enum Mode {
///     Off,
///     #[choice("upmap")]
///     PlaceExplicitly,
/// }
///
/// assert_eq!(Mode::from_name("upmap"), Some(Mode::PlaceExplicitly));
/// assert_eq!(Mode::Off.to_string(), "off");
/// ```
pub trait Choices: Sized + 'static {
    /// The names, in the order of the variants.
    const NAMES: &'static [&'static str];

    /// The value of this name.
    fn from_name(name: &str) -> Option<Self>;

    /// The first value.
    #[doc(hidden)]
    fn first() -> Self;
}

impl<T: Choices> ArgumentValue for T {
    fn kind() -> ArgumentKind {
        ArgumentKind::new("CephChoices").choices(T::NAMES)
    }

    fn read(value: Option<Value>) -> Result<Self, ArgumentError> {
        let chosen = value.as_ref().and_then(Value::as_str).and_then(T::from_name);
        chosen.ok_or_else(|| unfit(&format!("one of {}", T::NAMES.join(", ")), value.as_ref()))
    }
}

impl<T: Choices> OptionValue for T {
    const TYPE: &'static str = "str";
    const CHOICES: &'static [&'static str] = T::NAMES;

    fn parse(text: &str) -> Option<Self> {
        T::from_name(text)
    }

    fn absent() -> Self {
        T::first()
    }
}
