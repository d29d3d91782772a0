//! What an option takes, in words and with an example.

use super::schema::{OptionSchema, OptionType};

impl OptionSchema {
    /// Which values the option takes, such as "a whole number, from 1 to 10, such as 3". `None` if it
    /// takes any text, or one of its permitted values.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        if self.value_type == OptionType::Bool {
            return Some("true or false (or a whole number, 0 is false)".to_owned());
        }
        let (kind, example) = kind(self.value_type)?;
        let bounds = match (&self.min, &self.max) {
            (Some(min), Some(max)) => format!(", from {min} to {max}"),
            (Some(min), None) => format!(", at least {min}"),
            (None, Some(max)) => format!(", at most {max}"),
            (None, None) => String::new(),
        };
        let valid = |text: &&str| !text.is_empty() && self.normalise(text).is_ok();
        let [default, min, max] = [&self.default, &self.min, &self.max].map(Option::as_deref);
        let mut examples = [default, Some(example), min, max].into_iter().flatten();
        let example =
            examples.find(valid).map_or_else(String::new, |text| format!(", such as {text}"));
        Some(format!("{kind}{bounds}{example}"))
    }

    /// The permitted values with `separator` between them. One that would not be seen has quotes.
    #[must_use]
    pub fn permitted(&self, separator: &str) -> String {
        let unclear = |value: &str| value.is_empty() || value.contains([' ', ',']);
        let shown = self.enum_allowed.iter().map(|value| match unclear(value) {
            true => format!("'{value}'"),
            false => value.clone(),
        });
        shown.collect::<Vec<_>>().join(separator)
    }
}

/// A type with examples: in words, and a value of it.
fn kind(value_type: OptionType) -> Option<(&'static str, &'static str)> {
    Some(match value_type {
        OptionType::Str | OptionType::Bool | OptionType::Unknown => return None,
        OptionType::DebugLevel => {
            ("a level N or N/M, where N and M are whole numbers from 0 to 99", "1/5")
        }
        OptionType::Int => ("a whole number", "10"),
        OptionType::Uint => ("a whole number that is not negative", "10"),
        OptionType::Size => ("a number of bytes, with K, M, G, T, P, E or no unit", "4K"),
        OptionType::Float => ("a number", "0.5"),
        OptionType::Secs => ("a number of seconds, or a duration as in 1h30m", "90"),
        OptionType::Millisecs => ("a whole number of milliseconds", "250"),
        OptionType::Addr => ("a network address", "10.0.0.1:6789"),
        OptionType::Addrvec => {
            ("one or more network addresses", "[v2:10.0.0.1:3300,v1:10.0.0.1:6789]")
        }
        OptionType::Uuid => ("a UUID", "38f5bf59-6619-4409-a848-edac8d90825a"),
    })
}

#[cfg(test)]
mod tests;
