//! Structs of options.

use std::time::Duration;

use mgrd_proto::v1::OptionSchema;

/// A struct of options; derive it.
///
/// Each field is an option, and its doc comment is the description. `#[option(…)]` may say `default`,
/// `min`, `max`, `enum_allowed("a", "b")`, `runtime`, `level = "basic" | "advanced" | "dev"`,
/// `type = "size"` (another type name of the contract), `tags("a")` and `see_also("b")`.
pub trait Options: Send + Sync + Sized + 'static {
    /// The options as the module declares them.
    #[doc(hidden)]
    fn schema() -> Vec<OptionSchema>;

    /// The values; `get` gives the text of an option that is set.
    #[doc(hidden)]
    fn read(get: &dyn Fn(&str) -> Option<String>) -> Self;
}

impl Options for () {
    fn schema() -> Vec<OptionSchema> {
        Vec::new()
    }

    fn read(_get: &dyn Fn(&str) -> Option<String>) {}
}

/// A type that an option's value can have: numbers, `bool`, `String`, [`Duration`] (of seconds), an
/// enum that derives [`Choices`](crate::Choices), and `Option` of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an option",
    note = "use a number, `bool`, `String`, `Duration`, an enum that derives `Choices`, or `Option` of them"
)]
pub trait OptionValue: Sized {
    /// The type's name in the contract, such as `uint`.
    const TYPE: &'static str;

    /// The allowed texts; an empty list allows any.
    const CHOICES: &'static [&'static str] = &[];

    /// Reads the text from the host; `None` if it is invalid, which the host prevents.
    fn parse(text: &str) -> Option<Self>;

    /// The value if nothing is set and there is no default.
    fn absent() -> Self;
}

macro_rules! values {
    ($($type:ty => $name:literal),+) => {$(
        impl OptionValue for $type {
            const TYPE: &'static str = $name;

            fn parse(text: &str) -> Option<Self> {
                text.parse().ok()
            }

            fn absent() -> Self {
                Self::default()
            }
        }
    )+};
}

values!(String => "str", i64 => "int", i32 => "int", u64 => "uint", u32 => "uint", u16 => "uint",
    usize => "uint", f64 => "float", bool => "bool");

/// Seconds.
impl OptionValue for Duration {
    const TYPE: &'static str = "secs";

    fn parse(text: &str) -> Option<Self> {
        Self::try_from_secs_f64(text.parse().ok()?).ok()
    }

    fn absent() -> Self {
        Self::ZERO
    }
}

impl<T: OptionValue> OptionValue for Option<T> {
    const TYPE: &'static str = T::TYPE;
    const CHOICES: &'static [&'static str] = T::CHOICES;

    fn parse(text: &str) -> Option<Self> {
        T::parse(text).map(Some)
    }

    fn absent() -> Self {
        None
    }
}

/// The value of a field of derived options.
#[doc(hidden)]
pub fn value<T: OptionValue>(set: Option<String>, default: Option<String>) -> T {
    let parsed = |text: Option<String>| text.and_then(|text| T::parse(&text));
    parsed(set).or_else(|| parsed(default)).unwrap_or_else(T::absent)
}
